//! What a socket is told that catches up, and when.

use app::protocol::{ConversationId, Head, Message, MessagePage, Seq, ServerFrame, limits};

use super::CatchUp;
use crate::events::samples::message;

const ID: ConversationId = ConversationId::new(7);

fn head(id: i64, delivered: i64, last: i64) -> Head {
    Head {
        id: ConversationId::new(id),
        last_seq: Seq::new(last),
        rev: 0,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::new(delivered),
        peer_delivered_seq: Seq::ZERO,
        peer_read_seq: Seq::ZERO,
        version: 0,
    }
}

fn page(from: i64, to: i64, last: i64, content: &str) -> MessagePage {
    MessagePage {
        items: (from..=to).map(|seq| message(ID, seq, content)).collect(),
        from_seq: Seq::new(from),
        to_seq: Seq::new(to),
        has_more_before: from > 1,
        has_more_after: to < last,
        rev: 0,
    }
}

fn told(catch_up: &mut CatchUp, page: MessagePage) -> (Vec<i64>, bool) {
    read(&catch_up.take(ID, Some(page), |_| false).expect("a frame"))
}

fn read(frame: &str) -> (Vec<i64>, bool) {
    assert!(frame.len() <= limits::SERVER_FRAME);
    match serde_json::from_str(frame).expect("a frame") {
        ServerFrame::OfflineMessages(offline) => {
            (offline.messages.iter().map(|message| message.seq.get()).collect(), offline.has_more)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn pages_follow_the_delivered_mark_and_live_messages_wait_for_the_end() {
    let mut catch_up = CatchUp::new([head(7, 2, 5)]);
    assert_eq!(catch_up.next(), Some((ID, Seq::new(2))));
    assert!(catch_up.holds_back(ID, Seq::new(6)), "a live message while it catches up");
    assert_eq!(told(&mut catch_up, page(3, 5, 5, "x")), (vec![3, 4, 5], true));
    assert_eq!(catch_up.next(), None, "before its delivered");
    catch_up.delivered(ID, Seq::new(4));
    assert_eq!(catch_up.next(), None, "not all of it");
    catch_up.delivered(ID, Seq::new(5));
    assert_eq!(catch_up.next(), Some((ID, Seq::new(5))));
    assert_eq!(told(&mut catch_up, page(6, 6, 6, "x")), (vec![6], false));
    assert!(catch_up.holds_back(ID, Seq::new(6)), "it came with the last page");
    assert!(!catch_up.holds_back(ID, Seq::new(7)));
}

#[test]
fn own_messages_that_were_acked_here_are_not_told_again() {
    let mut catch_up = CatchUp::new([head(7, 0, 2)]);
    catch_up.next();
    catch_up.answered(ID, "c3", Some(Seq::new(3)));
    assert_eq!(told(&mut catch_up, page(1, 3, 3, "x")), (vec![1, 2], false));
}

#[test]
fn own_messages_at_the_end_of_a_page_hold_no_mark_back() {
    let mut catch_up = CatchUp::new([head(7, 0, 6)]);
    catch_up.next();
    for own in 3..=4 {
        catch_up.answered(ID, &format!("c{own}"), Some(Seq::new(own)));
    }
    assert_eq!(told(&mut catch_up, page(1, 4, 6, "x")), (vec![1, 2], true));
    catch_up.delivered(ID, Seq::new(2));
    assert_eq!(catch_up.next(), Some((ID, Seq::new(4))));
}

#[test]
fn a_page_ends_before_an_own_message_without_an_answer() {
    let mut catch_up = CatchUp::new([head(7, 0, 4)]);
    catch_up.next();
    let own = |seqs: &'static [i64]| move |message: &Message| seqs.contains(&message.seq.get());
    let page_of = |from| Some(page(from, 6, 6, "x"));
    let frame = catch_up.take(ID, page_of(1), own(&[3, 5])).expect("a frame");
    assert_eq!(read(&frame), (vec![1, 2], true));
    catch_up.answered(ID, "c3", Some(Seq::new(3)));
    assert_eq!(catch_up.next(), None, "before its delivered");
    catch_up.delivered(ID, Seq::new(2));
    assert_eq!(catch_up.next(), Some((ID, Seq::new(2))));
    let frame = catch_up.take(ID, page_of(3), own(&[5])).expect("a frame");
    assert_eq!(read(&frame), (vec![4], true));
    catch_up.delivered(ID, Seq::new(4));
    assert_eq!(catch_up.next(), None, "before the ack");
    // It was refused, and is stored all the same: the commit's answer was lost.
    catch_up.answered(ID, "c5", None);
    assert_eq!(catch_up.next(), Some((ID, Seq::new(4))));
    let frame = catch_up.take(ID, page_of(5), own(&[])).expect("a frame");
    assert_eq!(read(&frame), (vec![5, 6], false));
}

#[test]
fn a_page_that_begins_with_an_own_message_waits_for_its_ack() {
    let mut catch_up = CatchUp::new([head(7, 2, 3)]);
    catch_up.next();
    assert!(catch_up.take(ID, Some(page(3, 3, 3, "x")), |_| true).is_none());
    assert_eq!(catch_up.next(), None, "before the ack");
    catch_up.answered(ID, "c3", Some(Seq::new(3)));
    assert_eq!(catch_up.next(), Some((ID, Seq::new(2))));
    assert!(catch_up.take(ID, Some(page(3, 3, 3, "x")), |_| false).is_none(), "nothing to tell");
    assert!(!catch_up.holds_back(ID, Seq::new(4)), "it has ended");
}

#[test]
fn at_most_four_are_open() {
    let mut catch_up = CatchUp::new((1..=6).map(|id| head(id, 0, 1)));
    let open: Vec<_> = std::iter::from_fn(|| catch_up.next()).collect();
    assert_eq!(open.len(), 4);
    catch_up.take(open[0].0, None, |_| false);
    assert!(catch_up.next().is_some());
    assert!(catch_up.next().is_none());
}

#[test]
fn a_frame_is_cut_to_its_size() {
    let long = "😀".repeat(limits::TEXT);
    let mut catch_up = CatchUp::new([head(7, 0, 100)]);
    catch_up.next();
    let (seqs, has_more) = told(&mut catch_up, page(1, 100, 100, &long));
    assert!(has_more && seqs.len() < 100 && !seqs.is_empty());
    let last = *seqs.last().expect("some");
    catch_up.delivered(ID, Seq::new(last));
    assert_eq!(catch_up.next(), Some((ID, Seq::new(last))));
}

#[test]
fn nothing_more_is_told_of_what_is_not_ones_own_any_more() {
    let mut catch_up = CatchUp::new((1..=7).map(|id| head(id, 0, 5)));
    // One that waits for its turn, and one of which a page is being read.
    catch_up.forget(ID);
    let opened: Vec<_> = std::iter::from_fn(|| catch_up.next()).map(|(id, _)| id).collect();
    assert_eq!(opened.len(), 4);
    catch_up.forget(opened[0]);
    let late = MessagePage { items: Vec::new(), ..page(1, 5, 5, "x") };
    assert_eq!(catch_up.take(opened[0], Some(late), |_| false), None);
    assert!(!catch_up.holds_back(ID, Seq::new(6)) && !catch_up.holds_back(opened[0], Seq::new(6)));
    // Its place is another's now; the one that was forgotten never comes.
    let rest: Vec<_> = std::iter::from_fn(|| catch_up.next()).map(|(id, _)| id).collect();
    assert_eq!(rest, [ConversationId::new(5)]);
}
