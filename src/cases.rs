//! Sets of cases: exact answers to questions about conditions.
//!
//! A *case* has one value for each fact. Facts are cut into finitely many *cells* at the constants
//! that conditions mention ([`Domain`]), so that all cases in one cell are alike to every condition.
//! A set of cells is a hash-consed decision diagram with one level for each fact, whose edges carry
//! intervals of cells (a multi-valued decision diagram: Miller and Drechsler, "Implementing a
//! multiple-valued decision diagram package", ISMVL 1998; the intervals are those of Strehl and
//! Thiele's interval diagrams, "Symbolic model checking using interval diagram techniques", 1998).
//! Two sets are the same exactly if their [`Set`]s are equal, and emptiness is a comparison.
//!
//! It knows nothing of processes. Work is bounded by fuel: an operation that would need more says
//! [`OutOfFuel`], and nothing that was computed before is lost.

mod diagram;
mod domain;
mod hop;
mod hull;
mod unite;
mod witness;

pub use diagram::{Cases, OutOfFuel, Set};
pub use domain::{Cell, Domain};
pub use hop::{Hop, VersionPair};
pub use hull::Hull;
pub use witness::Witness;
