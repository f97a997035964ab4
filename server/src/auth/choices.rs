//! What may be chosen for an account, beyond what the contract's types ask: names that nobody could take
//! for the site itself, and passwords that are not among the first to be tried. Accounts that stand keep
//! what they have.

use app::protocol::{ApiError, Password, Username};

/// Names that speak for the site, or for everyone in a group.
const RESERVED: [&str; 6] = ["admin", "all", "everyone", "here", "kith", "system"];

/// The passwords that people choose most, one a line, in small letters; lines with `#` are about them.
const FREQUENT: &str = include_str!("frequent_passwords.txt");

/// The username of a new account.
///
/// # Errors
/// `validation` on `username`.
pub(super) fn username(text: &str) -> Result<Username, ApiError> {
    let username = Username::parse(text)?;
    if RESERVED.contains(&username.as_str()) {
        let message = format!("The username {username} is reserved; choose another");
        return Err(ApiError::validation("username", message));
    }
    Ok(username)
}

/// A new password of the account with this username.
///
/// # Errors
/// `validation` on `password`.
pub(super) fn password(text: String, username: &str) -> Result<Password, ApiError> {
    let password = Password::parse(text)?;
    let folded = password.expose().to_lowercase();
    let invalid = |message| Err(ApiError::validation("password", message));
    if folded == username {
        return invalid("The password is the username; choose another");
    }
    if FREQUENT.lines().any(|frequent| frequent == folded) {
        return invalid(
            "This password is one of those that are tried first; choose another, such as a few words",
        );
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::{FREQUENT, password, username};

    #[test]
    fn names_that_speak_for_the_site_are_reserved() {
        for reserved in ["all", "here", "everyone", "admin", "system", "kith", " Admin "] {
            let error = username(reserved).expect_err(reserved);
            assert_eq!(error.field.as_deref(), Some("username"));
        }
        for free in ["allan", "adm", "kith2", "system.1", "mei"] {
            assert!(username(free).is_ok(), "{free}");
        }
    }

    #[test]
    fn what_is_tried_first_is_no_password() {
        for bad in
            ["password", "Password", "PASSWORD1", "12345678", "iloveyou", "mei.lin-1", "Mei.Lin-1"]
        {
            let error = password(bad.into(), "mei.lin-1").expect_err(bad);
            assert_eq!(error.field.as_deref(), Some("password"), "{bad}");
        }
        for good in ["correct horse", "mei.lin-12", "password of mine", "密码密码密码密码"]
        {
            assert!(password(good.into(), "mei.lin-1").is_ok(), "{good}");
        }
    }

    #[test]
    fn the_list_is_whole_and_folded() {
        let frequent: Vec<_> = FREQUENT.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(frequent.len(), 11_611);
        assert!(frequent.iter().all(|line| line.len() >= 8 && *line == line.to_lowercase()));
    }
}
