//! Logging in and making an account: one card, plain forms.

use app::forms::{FormOutcome, FormValues};
use app::protocol::urls::encode;
use app::protocol::{ApiError, ErrorKind};
use app::ui::preferences::Language;
use app::ui::route::{Address, Route};
use app::ui::shared::errors::message;
use app::ui::words::{td_string, words};
use leptos::prelude::*;

use crate::pages::shared::choice::languages;

/// The page of who is not signed in.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it shows")]
#[component]
pub fn SignIn(
    /// Log in, or register.
    place: Address,
    /// The try that failed.
    form: Option<FormOutcome>,
    /// The language of the page.
    language: Language,
) -> impl IntoView {
    let words = words();
    let register = place.route == Route::Register;
    let (error, values) = match form {
        Some(FormOutcome { error, values }) => (Some(error), values),
        None => (None, FormValues::default()),
    };
    let next = if values.next.is_empty() {
        place.param("next").unwrap_or_default()
    } else {
        values.next.clone()
    };
    let elsewhere = |path: &str| match next.as_str() {
        "" => path.to_owned(),
        next => format!("{path}?next={}", encode(next)),
    };
    let here = elsewhere(if register { "/register" } else { "/login" });
    let (title, other) = if register {
        (
            td_string!(words, sign_in.register_title),
            view! {
                {td_string!(words, sign_in.known_here)}
                " "
                <a href=elsewhere("/login")>{td_string!(words, sign_in.to_log_in)}</a>
            }
            .into_any(),
        )
    } else {
        (
            td_string!(words, sign_in.log_in_title),
            view! {
                {td_string!(words, sign_in.new_here)}
                " "
                <a href=elsewhere("/register")>{td_string!(words, sign_in.to_register)}</a>
            }
            .into_any(),
        )
    };
    view! {
        <main class="gate">
            <div class="card">
                <p class="brand">{td_string!(words, app.name)}</p>
                <p class="tagline">{td_string!(words, sign_in.tagline)}</p>
                <h1>{title}</h1>
                <SignInForm register error values next=next.clone() />
                <p class="other">{other}</p>
            </div>
            <form class="language" method="post" action="/preferences">
                <input type="hidden" name="next" value=here />
                {languages(language)}
            </form>
        </main>
    }
}

#[component]
fn SignInForm(
    register: bool,
    error: Option<ApiError>,
    values: FormValues,
    next: String,
) -> impl IntoView {
    let words = words();
    let failed = |field: &str| {
        error.as_ref().is_some_and(|error| match error.field.as_deref() {
            Some(named) => named == field,
            None => match error.kind {
                ErrorKind::Conflict => field == "username",
                ErrorKind::BadCredentials => true,
                _ => false,
            },
        })
    };
    let (username_failed, password_failed) = (failed("username"), failed("password"));
    let nickname_failed = failed("nickname");
    let password_hint = register.then(|| {
        view! { <p class="hint" id="password-hint">{td_string!(words, sign_in.password_hint)}</p> }
    });
    view! {
        <form method="post" action=if register { "/register" } else { "/login" }>
            {error.map(|error| view! { <p class="alert" role="alert">{message(&error, words)}</p> })}
            <input type="hidden" name="next" value=next />
            <div class="field">
                <label for="username">{td_string!(words, sign_in.username)}</label>
                <input
                    id="username"
                    name="username"
                    value=values.username
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    autofocus
                    aria-invalid=username_failed.then_some("true")
                    aria-describedby=register.then_some("username-hint")
                />
                {register
                    .then(|| {
                        view! {
                            <p class="hint" id="username-hint">
                                {td_string!(words, sign_in.username_hint)}
                            </p>
                        }
                    })}
            </div>
            {register
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="nickname">{td_string!(words, sign_in.nickname)}</label>
                            <input
                                id="nickname"
                                name="nickname"
                                value=values.nickname
                                autocomplete="nickname"
                                dir="auto"
                                aria-invalid=nickname_failed.then_some("true")
                                aria-describedby="nickname-hint"
                            />
                            <p class="hint" id="nickname-hint">
                                {td_string!(words, sign_in.nickname_hint)}
                            </p>
                        </div>
                    }
                })}
            <div class="field">
                <label for="password">{td_string!(words, sign_in.password)}</label>
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete=if register { "new-password" } else { "current-password" }
                    required
                    aria-invalid=password_failed.then_some("true")
                    aria-describedby=register.then_some("password-hint")
                />
                {password_hint}
            </div>
            <button class="solid">
                {if register {
                    td_string!(words, sign_in.create)
                } else {
                    td_string!(words, sign_in.log_in)
                }}
            </button>
        </form>
    }
}
