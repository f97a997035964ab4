//! Names of files, as they are kept: one that no list, header or folder takes for anything else.

/// The most bytes of a name.
const MAX: usize = 255;

/// The most bytes of an ending, with its dot; what is longer is no ending and may be cut.
const MAX_ENDING: usize = 32;

/// What a file without a name is called.
const NAMELESS: &str = "file";

/// The name to keep of one that was sent: the last part of a path, without control and bidi signs, at most 255 bytes
/// of UTF-8 with its ending kept. `file` where nothing is left.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    match plain.trim() {
        "" | "." | ".." => NAMELESS.to_owned(),
        name => shorten(name),
    }
}

/// Marks that change the direction of text or break a line, with which an ending can be made to look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn shorten(name: &str) -> String {
    if name.len() <= MAX {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|at| *at > 0 && name.len() - at <= MAX_ENDING);
    let (stem, ending) = name.split_at(dot.unwrap_or(name.len()));
    let stem = &stem[..stem.floor_char_boundary(MAX - ending.len())];
    format!("{}{ending}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_name_is_the_last_part_of_a_path() {
        for (sent, kept) in [
            ("holiday.jpg", "holiday.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\letter.doc", "letter.doc"),
            ("/", "file"),
            ("..", "file"),
            ("a/..", "file"),
            ("", "file"),
            (" \t ", "file"),
            (".hidden", ".hidden"),
            ("two\r\nlines\0.txt", "twolines.txt"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("\u{2066}\u{200f}", "file"),
            ("照片 1.png", "照片 1.png"),
        ] {
            assert_eq!(clean(sent), kept, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = clean(&format!("{}.tar.gz", "é".repeat(200)));
        assert!(long.len() <= 255 && long.len() > 250, "{}", long.len());
        assert!(long.ends_with("é.gz"), "{long}");
        assert_eq!(clean(&"x".repeat(300)).len(), 255);
        assert_eq!(clean(&format!("a.{}", "b".repeat(300))).len(), 255);
        assert_eq!(clean(&"x".repeat(255)), "x".repeat(255));
    }
}
