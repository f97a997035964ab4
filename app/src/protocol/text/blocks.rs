//! Blocks of code: the lines between three backticks at the beginning of a line and the next three.

use super::characters::is_blank;

/// A part of a text: a block of code, or the text around it.
pub(super) enum Piece<'a> {
    /// Text that may hold formatting.
    Prose(&'a str),
    /// Lines of code, shown as they are.
    Code(&'a str),
}

const FENCE: &str = "```";

/// Cuts a text into blocks of code and the text around them, without the fences and without the line breaks
/// that set them apart. A blank block counts as text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(start) = opening(text, from) {
        let inside = after_fence(text, start);
        let Some(length) = text[inside..].find(FENCE) else { break };
        let (close, end) = (inside + length, after_fence(text, inside + length));
        from = end;
        let on_own_line = starts_blank_line(&text[end..]);
        let code = without_language(&text[inside..close], on_own_line);
        if is_blank(code) {
            continue;
        }
        let before = &text[done..start];
        pieces.push(Piece::Prose(before.strip_suffix('\n').unwrap_or(before)));
        pieces.push(Piece::Code(code));
        done = if text[end..].starts_with('\n') { end + 1 } else { end };
    }
    pieces.push(Piece::Prose(&text[done..]));
    pieces
}

/// The byte at which the next fence at the beginning of a line stands.
fn opening(text: &str, from: usize) -> Option<usize> {
    let begins_line = |at: &usize| *at == 0 || text.as_bytes()[at - 1] == b'\n';
    text[from..].match_indices(FENCE).map(|(at, _)| from + at).find(begins_line)
}

/// The byte at which the backticks of the fence at `fence` end.
fn after_fence(text: &str, fence: usize) -> usize {
    let rest = &text[fence..];
    fence + rest.find(|c| c != '`').unwrap_or(rest.len())
}

fn starts_blank_line(text: &str) -> bool {
    text.split('\n').next().is_none_or(|line| line.trim().is_empty())
}

/// The code between two fences. The name of a language behind the first fence is left out if code follows and
/// the closing fence has a line to itself. Anything else in that line is code.
fn without_language(inside: &str, closes_line: bool) -> &str {
    let (first, rest) = inside.split_once('\n').unwrap_or((inside, ""));
    // Blanks before the closing fence are no code.
    let last = inside.rfind('\n').filter(|at| inside[*at..].trim().is_empty());
    let own_line = last.is_some() && closes_line;
    let code = if inside.len() > first.len()
        && (first.trim().is_empty() || is_language(first.trim()) && own_line && !is_blank(rest))
    {
        rest
    } else {
        inside
    };
    let cut = last.map_or(0, |last| inside.len() - last);
    &code[..code.len().saturating_sub(cut)]
}

/// Whether this looks like the name of a language, such as `c++`, `objective-c` or `asp.net`.
fn is_language(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '.' | '-');
    !word.is_empty() && word.chars().all(fits)
}
