package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"parley/internal/phrasebook"
	"parley/internal/talks"
)

// calendarFile gives out the calendar as iCalendar (RFC 5545), for whatever the
// reader keeps their own in. It holds what the page shows and nothing else, and
// it is a file, not a subscription: nothing can be fetched without signing in.
func (h *house) calendarFile(w http.ResponseWriter, r *http.Request, v visit) error {
	var file []byte
	name := ""
	err := h.glance(r, v, func(g glance) (err error) {
		name = g.ID + ".ics"
		file, err = g.calendar(h.Desk.Verifier().House())
		return err
	})
	if err != nil {
		return err
	}
	return sendFile(w, name, "text/calendar; charset=utf-8", file)
}

// calendar writes the happenings. Each has an identity that stays the same from
// file to file, made of what it is in these talks and of the house's name.
func (g glance) calendar(house string) ([]byte, error) {
	list := g.happenings()
	c := ical.NewCalendar()
	c.Props.SetText(ical.PropVersion, "2.0")
	c.Props.SetText(ical.PropProductID, "-//parley//calendar of talks//EN")
	c.Props.SetText(ical.PropMethod, "PUBLISH")
	c.Props.SetText(ical.PropName, plainText(g.Talks.Title))
	if g.Zone != time.UTC {
		c.Children = append(c.Children, timezone(g.Zone, list[0].At.Time, ends(list)))
	}
	for _, x := range list {
		c.Children = append(c.Children, g.event(x, house))
	}
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(c); err != nil {
		return nil, err
	}
	return folded(b.Bytes()), nil
}

// event is one happening. What is not confirmed says so in the title, which is
// all that most calendars show.
func (g glance) event(x happening, house string) *ical.Component {
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, x.ID+"."+g.ID+"@"+house)
	e.Props.SetDateTime(ical.PropDateTimeStamp, g.Now.Time.UTC())
	switch {
	case g.vague(x):
		e.Props.SetDate(ical.PropDateTimeStart, x.At.Time.In(g.Zone))
		if x.Until != nil { // the end is the day after the last (RFC 5545, 3.6.1)
			e.Props.SetDate(ical.PropDateTimeEnd, x.Until.Time.In(g.Zone).AddDate(0, 0, 1))
		}
	default:
		g.setTime(e, ical.PropDateTimeStart, x.At)
		if x.Until != nil && x.Until.Time.After(x.At.Time) {
			g.setTime(e, ical.PropDateTimeEnd, *x.Until)
		}
	}
	title := or(x.Title, x.Kind)
	if x.Reliability != "" && x.Reliability != talks.Confirmed {
		title = g.say("page.ics-unconfirmed", "Reliability", phrasebook.Term("reliability."+string(x.Reliability)), "Title", phrasebook.Words(title))
	}
	e.Props.SetText(ical.PropSummary, plainText(title))
	about := []string{x.Kind}
	for _, s := range []string{x.Words, g.reliable(x)} {
		if s != "" {
			about = append(about, s)
		}
	}
	if x.At.Approximate {
		about = append(about, g.say("page.ics-approximate"))
	}
	e.Props.SetText(ical.PropDescription, plainText(strings.Join(about, "\n")))
	if x.Where != "" {
		e.Props.SetText(ical.PropLocation, plainText(x.Where))
	}
	class := "PRIVATE"
	if x.Own {
		class = "CONFIDENTIAL"
	}
	e.Props.SetText(ical.PropClass, class)
	e.Props.SetText(ical.PropTransparency, "TRANSPARENT") // nobody is busy by knowing of it
	return e.Component
}

// ends is the last time that a calendar names.
func ends(list []happening) (last time.Time) {
	for _, x := range list {
		last = latest(last, x.At.Time)
		if x.Until != nil {
			last = latest(last, x.Until.Time)
		}
	}
	return last
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// setTime writes a time as the talks tell it, by their zone's name. In an hour
// that the clocks go through twice it is written in UTC: by the zone's name it
// would be the first time (RFC 5545, 3.3.5), but programs read it as either.
func (g glance) setTime(e *ical.Event, name string, m talks.Moment) {
	at := m.Time.In(g.Zone).Truncate(time.Second)
	if twice(at) {
		at = at.UTC()
	}
	p := ical.NewProp(name)
	p.SetDateTime(at)
	e.Props.Set(p)
}

// twice reports whether the clocks of its zone show a time twice on its day,
// because they are put back.
func twice(at time.Time) bool {
	back := func(change time.Time) time.Duration {
		_, before := change.Add(-time.Second).Zone()
		_, after := change.Zone()
		return time.Duration(before-after) * time.Second
	}
	start, end := at.ZoneBounds()
	return !start.IsZero() && at.Sub(start) < back(start) || !end.IsZero() && end.Sub(at) <= back(end)
}

// timezone describes a zone from one time to another: every change of its offset
// as an observance of its own (RFC 5545, 3.6.5), so that a reader who has never
// heard of the zone reads the times right.
func timezone(zone *time.Location, from, to time.Time) *ical.Component {
	c := ical.NewComponent(ical.CompTimezone)
	c.Props.SetText(ical.PropTimezoneID, zone.String())
	at := from.In(zone)
	for {
		start, end := at.ZoneBounds()
		c.Children = append(c.Children, observance(start, at, from))
		if end.IsZero() || end.After(to) {
			return c
		}
		at = end.In(zone)
	}
}

// observance is a stretch of time in which a zone has one offset, that begins at
// start; the first begins with the calendar if the zone always had it.
func observance(start, within, from time.Time) *ical.Component {
	kind := ical.CompTimezoneStandard
	if within.IsDST() {
		kind = ical.CompTimezoneDaylight
	}
	name, to := within.Zone()
	before := to
	if start.IsZero() {
		start = from.AddDate(-1, 0, 0)
	} else {
		_, before = start.Add(-time.Second).In(within.Location()).Zone()
	}
	c := ical.NewComponent(kind)
	p := ical.NewProp(ical.PropDateTimeStart) // in the time that held before
	p.Value = start.In(time.FixedZone("", before)).Format("20060102T150405")
	c.Props.Set(p)
	for prop, seconds := range map[string]int{ical.PropTimezoneOffsetFrom: before, ical.PropTimezoneOffsetTo: to} {
		p := ical.NewProp(prop)
		p.Value = offset(seconds)
		c.Props.Set(p)
	}
	c.Props.SetText(ical.PropTimezoneName, name)
	return c
}

// offset writes a UTC offset: +0300, and with seconds where a zone had them.
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}

// plainText takes out what iCalendar's text cannot hold: control characters
// other than line ends (RFC 5545, 3.3.11).
func plainText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// mostOctets is how long a line of a calendar may be (RFC 5545, 3.1).
const mostOctets = 75

// folded breaks long lines between characters; the next begins with a space.
func folded(file []byte) []byte {
	out := make([]byte, 0, len(file)+len(file)/mostOctets*3)
	for line := range bytes.Lines(file) {
		room := mostOctets
		for len(bytes.TrimRight(line, "\r\n")) > room {
			n := room
			for n > 0 && !utf8.RuneStart(line[n]) {
				n--
			}
			out = append(append(out, line[:n]...), "\r\n "...)
			line, room = line[n:], mostOctets-1
		}
		out = append(out, line...)
	}
	return out
}
