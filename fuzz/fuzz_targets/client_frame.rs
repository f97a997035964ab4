//! Feeds [`ClientFrame::decode`] with libFuzzer's inputs, and checks the result against the contract: it
//! never panics, invents nothing, and refuses in a way that can be answered.

#![no_main]

use app::protocol::{ClientFrame, ErrorKind, FrameError, ServerFrame, limits};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

/// The most characters in the message of an error, since clients show it and logs keep it.
const MESSAGE: usize = 300;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // A text frame that is not UTF-8 ends at the socket, with 1007.
    let Ok(text) = str::from_utf8(bytes) else { return Corpus::Reject };
    let said = serde_json::from_str::<Value>(text).ok();
    match ClientFrame::decode(text) {
        Ok(frame) => check_frame(&frame, said.as_ref()),
        Err(failure) => check_failure(failure, said.as_ref()),
    }
    Corpus::Keep
});

fn check_frame(frame: &ClientFrame, said: Option<&Value>) {
    let said = said.filter(|said| said.is_object());
    let said = said.unwrap_or_else(|| panic!("read from what is no object: {frame:?}"));
    assert!(frame.id.as_ref().is_none_or(|id| fits(id, limits::FRAME_ID)), "long id: {frame:?}");

    let written = text_of(frame);
    let again = ClientFrame::decode(&written);
    assert_eq!(again.as_ref(), Ok(frame), "written as {written}");
    let written = value_of(&written);
    assert_eq!(written["type"], said["type"], "another type");
    assert_said(&written, said);
}

fn check_failure(failure: FrameError, said: Option<&Value>) {
    let FrameError { error, id, client_id, fatal } = failure;
    let object = said.is_some_and(Value::is_object);
    assert_eq!(fatal, !object, "the socket is closed for what is no object, and for nothing else");
    let kinds: &[ErrorKind] = match said {
        None => &[ErrorKind::BadJson],
        Some(Value::Object(_)) => &[ErrorKind::BadRequest, ErrorKind::UnknownType],
        Some(_) => &[ErrorKind::BadRequest],
    };
    assert!(kinds.contains(&error.kind), "{:?} is not one of {kinds:?}", error.kind);
    assert_eq!(error.code, 400);
    assert!(!error.message.is_empty() && fits(&error.message, MESSAGE), "{}", error.message);

    assert_eq!(id, short(said, "id", limits::FRAME_ID));
    assert_eq!(client_id, short(said, "client_id", limits::CLIENT_ID));
    let answer = ServerFrame::Error { id, client_id, error };
    let written = text_of(&answer);
    assert_eq!(serde_json::from_str(&written).ok(), Some(answer), "written as {written}");
}

/// Checks that everything in `written` stands in `said`, with the same name, type and value; what is null or
/// empty in `written` may be absent there.
fn assert_said(written: &Value, said: &Value) {
    match (written, said) {
        (Value::Object(fields), Value::Object(_)) => {
            for (name, value) in fields {
                assert_said(value, &said[name]);
            }
        }
        (Value::Array(values), Value::Array(all)) if values.len() == all.len() => {
            values.iter().zip(all).for_each(|(value, said)| assert_said(value, said));
        }
        (Value::Array(values), _) if values.is_empty() => {}
        _ => assert_eq!(written, said, "not what was said"),
    }
}

fn short(said: Option<&Value>, name: &str, limit: usize) -> Option<String> {
    let text = said?.get(name)?.as_str()?;
    fits(text, limit).then(|| text.to_owned())
}

fn fits(text: &str, limit: usize) -> bool {
    text.chars().count() <= limit
}

fn text_of(frame: &impl serde::Serialize) -> String {
    serde_json::to_string(frame).unwrap_or_else(|error| panic!("cannot be written: {error}"))
}

fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("written as {text}: {error}"))
}
