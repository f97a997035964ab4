// Reads a calendar from its input, as other people's programs do, and says what is in it.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    stamp: component.getFirstPropertyValue("dtstamp")?.toString(),
    title: event.summary,
    place: event.location,
    about: event.description,
    starts: event.startDate.toString(),
    ends: event.endDate?.toString(),
    days: event.startDate.isDate,
  };
});
console.log(JSON.stringify({ method: calendar.getFirstPropertyValue("method"), events }));
