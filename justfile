# What people who work on vup run. `just --list` prints this.

# Everything that must hold before a change lands
ci:
    .ci/run

# The tests
test:
    cargo test

# Random edits of the real processes, many
fuzz count="100000":
    VUP_FUZZ={{count}} cargo test --release --test mutations -- --nocapture

# Random processes, many, against an explorer of every state
oracle count="20000":
    VUP_ORACLE={{count}} cargo test --release --test oracle -- --nocapture

# The figures in the README
bench:
    cargo bench

# Draws every diagram and prints every page, to be looked at in a browser
look:
    cargo run --release -- build --out target/look processes/*.vup
    .ci/browser target/release/vup
    @echo "open target/look/index.html"

# Rewrites what is generated from the code: snapshots and the table of statements
update:
    INSTA_UPDATE=always UPDATE=1 cargo test
