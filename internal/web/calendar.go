package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/talks"
)

// A calendarView is everything that has a time, on one line of time: what went
// before, rounds, meetings, what happens outside, what is due.
type calendarView struct {
	frame
	Times string
	Steps []step
	File  string
	Note  string
}

// A step is one happening on the line, or what stands between two.
type step struct {
	Day     string // empty if it is that of the step before
	At      string
	Machine string // the time as programs read it
	Kind    string
	Title   string
	Words   string
	Note    string
	Href    string
	Own     bool   // for the reader's own room alone
	Gap     string // instead of all else: a long time, or now
	Now     bool
}

// A happening is something with a time. What it is called in files never
// changes: ID is made of the entry or the number that it has for good.
type happening struct {
	ID          string
	At          talks.Moment
	Until       *talks.Moment
	Kind        string // in words
	Reliability talks.Reliability
	Title       string
	Words       string
	Where       string
	Source      string
	Href        string
	Own         bool
}

func (h *house) calendarPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p calendarView
	err := h.glance(r, v, func(g glance) error {
		p.frame = h.frame(g.voice, g.Sight, "calendar")
		p.Place, p.Readers = g.whose()
		p.Times = g.say("page.calendar-times", "Zone", zoned(g.Now.Time, g.Now.Zone))
		p.Steps = g.steps(g.happenings())
		p.File = g.page("calendar.ics")
		p.Note = g.say("page.calendar-file-note")
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, calendarRoom(p))
}

// happenings are all that the reader may know of, in the order of time.
func (g glance) happenings() (list []happening) {
	t := g.Talks
	list = append(list, happening{ID: "convened", At: t.Convened, Kind: g.say("page.happening-convened"), Title: t.Title, Href: g.page("records/joint")})
	list = slices.Concat(list, g.earlier(), g.sittings(), g.asides(), g.pressing())
	slices.SortStableFunc(list, func(a, b happening) int { return a.At.Time.Compare(b.At.Time) })
	return list
}

// entryID names a happening by the entry of the joint record that it is.
func entryID(number int64) string { return "joint-" + strconv.FormatInt(number, 10) }

// earlier is what went before these talks.
func (g glance) earlier() (list []happening) {
	joint := record.JointName(g.ID)
	for _, x := range g.Talks.Earlier {
		if g.heard(x.Number) {
			list = append(list, happening{ID: entryID(x.Number), At: x.At, Until: x.Until, Kind: g.say("earlier." + string(x.As)), Title: x.Title, Words: x.Text, Source: x.Source, Href: hrefProof(joint, x.Number)})
		}
	}
	return list
}

// sittings are rounds and meetings. They have numbers of their own.
func (g glance) sittings() (list []happening) {
	for _, x := range g.Talks.Rounds {
		list = append(list, happening{ID: "round-" + strconv.Itoa(x.Number), At: x.Opened, Until: x.Closed, Kind: g.say("page.happening-round", "Number", strconv.Itoa(x.Number)), Title: x.Title, Href: g.page("records/joint")})
	}
	for i := range g.Talks.Meetings {
		m := &g.Talks.Meetings[i]
		x := happening{ID: "meeting-" + strconv.Itoa(m.Number), At: m.Opened, Until: m.Closed, Kind: g.say("page.meeting-number", "Number", strconv.Itoa(m.Number)), Title: m.Title, Where: g.Talks.Venue.Place, Href: g.page("meeting")}
		if m.Closed != nil {
			gross, net := m.Clock(g.Now.Time)
			x.Words = g.say("page.happening-lasted", "Gross", phrasebook.Minutes(gross), "Net", phrasebook.Minutes(net))
		}
		list = append(list, x)
	}
	return list
}

// asides are what happened outside, and who met in other formats.
func (g glance) asides() (list []happening) {
	joint := record.JointName(g.ID)
	for _, x := range g.Talks.SideMeetings {
		if !g.heard(x.Number) {
			continue
		}
		words := x.Participants
		if x.Topics != "" {
			words += "\n" + x.Topics
		}
		if x.Beyond != "" {
			words += "\n" + g.say("page.happening-beyond", "Topics", phrasebook.Words(x.Beyond))
		}
		list = append(list, happening{ID: entryID(x.Number), At: x.At, Kind: g.say("group.side-meeting"), Reliability: x.Reliability, Title: x.Title, Words: words, Where: x.Where, Source: x.Source, Href: hrefProof(joint, x.Number)})
	}
	for _, x := range g.Talks.Outside {
		if g.heard(x.Number) {
			list = append(list, happening{ID: entryID(x.Number), At: x.At, Kind: g.say("outside." + string(x.As)), Reliability: x.Reliability, Title: x.Who, Words: x.Text, Where: x.Where, Source: x.Source, Href: hrefProof(joint, x.Number)})
		}
	}
	return list
}

// pressing are times to come: holding lines for everyone, deadlines for the
// mediation alone, sealed questions for those they were put to and the mediation.
func (g glance) pressing() (list []happening) {
	for _, l := range g.Talks.Lines {
		if !l.Over && g.heard(l.Number) {
			list = append(list, happening{ID: entryID(l.Number), At: l.Until, Kind: g.say("page.happening-lapses"), Title: g.say("page.due-line", "Side", phrasebook.Words(g.title(l.Side))), Words: l.Text, Href: g.page("publish")})
		}
	}
	r := g.in(room.Mediation)
	for _, x := range r.Deadlines {
		if x.Due == nil || x.Struck {
			continue
		}
		number := strconv.FormatInt(x.Number, 10)
		kind := g.say("page.happening-deadline")
		if x.Pressure {
			kind = g.say("page.due-pressure")
		}
		list = append(list, happening{ID: "mediation-" + number, At: *x.Due, Kind: kind, Title: x.What, Source: x.Source, Href: hrefRoom(g.Sight, r.Key) + "#e" + number, Own: true})
	}
	for _, kind := range []room.Kind{room.Mediation, room.Delegation} {
		r := g.in(kind)
		for _, q := range slices.Concat(r.Asked, r.Put) {
			list = append(list, happening{ID: "sealed-" + q.Name, At: q.Opens, Kind: g.say("page.happening-sealed"), Title: g.say("page.due-sealed", "Name", phrasebook.Words(q.Name)), Words: q.Text, Href: hrefRoom(g.Sight, r.Key), Own: true})
		}
	}
	return list
}

// long is how many days between two happenings are said in words.
const long = 30

// steps lays happenings out on the line, with the long gaps between them and
// with where we are now.
func (g glance) steps(list []happening) (steps []step) {
	day, told := "", false
	for i, x := range list {
		if i > 0 {
			if n := g.days(list[i-1].At.Time, x.At.Time); n >= long {
				steps = append(steps, step{Gap: g.say("page.calendar-gap", "Count", n)})
			}
		}
		if !told && x.At.Time.After(g.Now.Time) {
			told = true
			steps = append(steps, g.now())
		}
		at := x.At.Time.In(g.Zone)
		s := step{At: g.span(x), Machine: at.Format(time.RFC3339), Kind: x.Kind, Title: x.Title, Words: x.Words, Href: x.Href, Own: x.Own, Note: g.reliable(x)}
		if said := g.book.Date(g.reader, at); said != day {
			day, s.Day = said, said
		}
		steps = append(steps, s)
	}
	if !told {
		steps = append(steps, g.now())
	}
	return steps
}

func (g glance) now() step {
	at := g.Now.Time.In(g.Zone)
	return step{Now: true, Machine: at.Format(time.RFC3339), Gap: g.say("page.calendar-now", "Day", g.book.Date(g.reader, at), "At", at.Format("15:04"))}
}

// span says from when until when, as times of day; an end on another day has
// its day.
func (g glance) span(x happening) string {
	at := x.At.Time.In(g.Zone)
	if g.vague(x) {
		if x.Until == nil {
			return g.say("page.calendar-about-day")
		}
		return g.say("page.calendar-about-until", "Day", g.book.Date(g.reader, x.Until.Time.In(g.Zone)))
	}
	said := at.Format("15:04")
	if x.Until != nil {
		said = g.say("page.calendar-span", "From", said, "To", g.oclock(x.Until.Time.In(g.Zone), at))
	}
	if x.At.Approximate || x.Until != nil && x.Until.Approximate {
		said = g.say("page.about", "At", said)
	}
	return said
}

// vague reports whether no more is known of a time than about which day: an
// approximate midnight is no hour.
func (g glance) vague(x happening) bool {
	at := x.At.Time.In(g.Zone)
	return x.At.Approximate && at.Hour() == 0 && at.Minute() == 0
}

// reliable says how far a happening is to be relied on and on whose word, so
// that what is alleged never looks like what is known.
func (g glance) reliable(x happening) string {
	switch {
	case x.Reliability != "" && x.Source != "":
		return g.say("page.calendar-reliable", "Reliability", phrasebook.Term("reliability."+string(x.Reliability)), "Source", phrasebook.Words(x.Source))
	case x.Source != "":
		return g.say("page.calendar-source", "Source", phrasebook.Words(x.Source))
	case x.Own:
		return g.say("page.calendar-own")
	}
	return cmp.Or(x.Where, "")
}

// stepTitle is the title of a happening, or what kind it is.
func stepTitle(s step) string { return or(s.Title, s.Kind) }
