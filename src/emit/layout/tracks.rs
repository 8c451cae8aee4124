//! Lines that run beside each other in a channel.

/// Gives each stretch a track, counted outwards, on which it meets no other: short ones inside, so
/// that what leads less far crosses nothing of what leads further.
pub fn assign(stretches: &[(i32, i32)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|index| {
        let (from, to) = stretches.get(*index).copied().unwrap_or_default();
        (to - from, from, *index)
    });
    let mut tracks: Vec<Vec<(i32, i32)>> = Vec::new();
    let mut assigned = vec![0; stretches.len()];
    for index in order {
        let (from, to) = stretches.get(index).copied().unwrap_or_default();
        let meets = |taken: &(i32, i32)| from <= taken.1 + MARGIN && taken.0 <= to + MARGIN;
        let free = tracks.iter().position(|track| !track.iter().any(meets));
        let at = free.unwrap_or(tracks.len());
        if at == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks.get_mut(at).into_iter().for_each(|track| track.push((from, to)));
        assigned.get_mut(index).into_iter().for_each(|slot| *slot = at);
    }
    assigned
}

/// Between two stretches on one track.
const MARGIN: i32 = 4;

#[cfg(test)]
mod tests {
    use super::assign;

    #[test]
    fn short_ones_run_inside_and_none_meet() {
        assert_eq!(assign(&[(0, 100), (10, 20), (30, 40), (15, 35)]), [2, 0, 0, 1]);
    }
}
