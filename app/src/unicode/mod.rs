//! What Unicode says of characters: case, normal forms, and where one character as people see it ends. In the
//! browser its own tables are asked, which are there already; Rust's would be a tenth of the code that everyone
//! downloads.

#[cfg(target_family = "wasm")]
mod browser;
#[cfg(not(target_family = "wasm"))]
mod tables;

#[cfg(target_family = "wasm")]
pub use browser::{boundary_before, composed, decomposed, first_end, lower, upper};
#[cfg(not(target_family = "wasm"))]
pub use tables::{boundary_before, composed, decomposed, first_end, lower, upper};

#[cfg(test)]
mod tests {
    use super::{boundary_before, first_end};

    #[test]
    fn characters_are_not_cut_in_two() {
        let flags = "🇫🇷🇫🇷";
        assert_eq!([0, 4, 8, 12, 16].map(|at| boundary_before(flags, at)), [0, 0, 8, 8, 16]);
        assert_eq!(boundary_before("ae\u{301}x", 2), 1);
        assert_eq!(boundary_before("abc", 2), 2);
        assert_eq!(first_end("👨‍👩‍👧 x"), "👨‍👩‍👧".len());
        assert_eq!((first_end("नि"), first_end("ab"), first_end("")), (6, 1, 0));
    }
}
