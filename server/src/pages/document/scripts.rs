//! The few scripts in the document itself, what they read, and the styles that stand in for them.

use app::ui::page::Page;
use app::ui::route::Address;
use app::ui::words::Words;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use serde::Serialize;

use crate::site::{self, Assets};

/// Notes the browser's time zone for the next page that the server renders.
pub(super) const ZONE: &str = "try{document.cookie='tz='+encodeURIComponent(Intl.DateTimeFormat()\
.resolvedOptions().timeZone)+';path=/;max-age=31536000;samesite=lax'}catch(e){}";

/// Places the scroll before the first paint: at the message that the address names, else with the
/// first unread message in view, else at the end.
const SCROLL: &str = "(()=>{const l=document.querySelector('[role=log]');if(!l)return;\
const q=new URLSearchParams(location.search),m=q.get('m')&&document.getElementById('m-'+q.get('m')),\
n=l.querySelector('.new-line'),t=e=>e.getBoundingClientRect().top-l.getBoundingClientRect().top;\
l.scrollTop=m?t(m)-l.clientHeight/3:q.has('after')?0:n?t(n)-16:l.scrollHeight})()";

/// The same without script, in style. Laid out from its end, the log opens there; a message to begin
/// with pulls the view to itself by a snap that holds only while an animation runs, so that from
/// then on the reader scrolls freely. (The animation is not one that is seen, so it also runs for
/// those who want less motion.)
pub(super) fn unscripted(place: &Address) -> Option<String> {
    let (begin, align) = match (place.seq("m"), place.seq("after")) {
        (Some(seq), _) => (format!("#m-{seq}"), "center"),
        // Newer messages follow on what was read.
        (None, Some(_)) => return None,
        (None, None) => (".new-line".to_owned(), "start"),
    };
    Some(format!(
        ".log{{display:flex;flex-direction:column-reverse;scroll-snap-type:y mandatory;\
         scroll-padding:16px}}.lane{{flex:none;width:100%}}\
         {begin}{{animation:begin .2s!important}}\
         @keyframes begin{{from,to{{scroll-snap-align:{align}}}}}"
    ))
}

/// Brings the page to life: its texts and its data, and the script that loads the code. Leptos' own
/// `HydrationScripts` knows neither.
pub(super) fn start(page: &Page, words: Words) -> impl IntoView + use<> {
    let Assets { js, wasm, starter, .. } = site::assets();
    let start = format!(
        "import init,{{hydrate}} from \"{js}\";\
         window.hydrated=init({{module_or_path:\"{wasm}\"}}).then(hydrate)"
    );
    let (words, page) = (json(&words.for_browsers()), json(page));
    view! {
        <script nonce=use_nonce() inner_html=SCROLL></script>
        <script type="application/json" id="words" inner_html=words></script>
        <script type="application/json" id="page" inner_html=page></script>
        <script type="module" nonce=use_nonce() inner_html=start></script>
        <script type="module" nonce=use_nonce() src=starter.as_str()></script>
    }
}

/// What browsers read from the page, as JSON that cannot end the script element it stands in.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
}
