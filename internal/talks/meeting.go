package talks

import (
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// lastTurning returns the last instant at which a round or a meeting opened or
// closed. What opens next cannot have opened before.
func (t *Talks) lastTurning() time.Time {
	var last time.Time
	later := func(at time.Time) {
		if at.After(last) {
			last = at
		}
	}
	if n := len(t.Rounds); n > 0 {
		later(t.Rounds[n-1].Opened.Time)
		if c := t.Rounds[n-1].Closed; c != nil {
			later(c.Time)
		}
	}
	if n := len(t.Meetings); n > 0 {
		m := &t.Meetings[n-1]
		later(m.latest())
		if m.Closed != nil {
			later(m.Closed.Time)
		}
	}
	return last
}

// OpenMeeting calls the plenary to order. Without a head of every delegation
// the chair must say why it is opened all the same (rule 11).
type OpenMeeting struct {
	Title  string  `form:"optional"`
	Absent string  `form:"optional"` // the chair's reason for opening without a side
	Track  string  `form:"optional"`
	Rank   Echelon `form:"optional"`
	AfterTheFact
}

func (a OpenMeeting) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	if t.Meeting() != nil {
		return nil, ruling.No(ruling.OutOfOrder, 11, "meeting-in-session")
	}
	if len(t.Parties) < 2 {
		return nil, ruling.No(ruling.OutOfOrder, 11, "too-few-parties")
	}
	if a.Track != "" && t.Track(a.Track) == nil {
		return nil, ruling.No(ruling.Absent, 31, "no-such-track", "Given", a.Track)
	}
	absent := t.withoutHead()
	if len(absent) > 0 && strings.TrimSpace(a.Absent) == "" {
		return nil, ruling.No(ruling.OutOfOrder, 11, "side-absent", "Parties", sides(absent))
	}
	when, err := a.moment(at, t.lastTurning())
	if err != nil {
		return nil, err
	}
	e := MeetingOpened{Number: len(t.Meetings) + 1, At: when, Without: absent, Track: a.Track, Rank: a.Rank, Title: a.Title, Source: a.Source}
	if r := t.Round(); r != nil {
		e.Round = r.Number
	}
	if len(absent) > 0 {
		e.Reason = a.Absent
	}
	return []Event{e}, nil
}

// withoutHead returns the parties whose delegation has no head.
func (t *Talks) withoutHead() (absent []seat.Party) {
	for _, p := range t.Parties {
		if _, ok := t.Head(p.Key); !ok {
			absent = append(absent, p.Key)
		}
	}
	return absent
}

func sides(parties []seat.Party) phrasebook.Sides {
	list := make(phrasebook.Sides, 0, len(parties))
	for _, p := range parties {
		list = append(list, phrasebook.Side(p))
	}
	return list
}

// MeetingOpened says that a meeting was called to order.
type MeetingOpened struct {
	Number  int
	Round   int
	At      Moment
	Without []seat.Party
	Track   string
	Rank    Echelon
	Title   string `words:"yes"`
	Reason  string `words:"yes"`
	Source  string `words:"yes"`
}

func (e MeetingOpened) apply(t *Talks, _ Entered) {
	t.Meetings = append(t.Meetings, Meeting{Number: e.Number, Round: e.Round, Title: e.Title, Track: e.Track, Rank: e.Rank, Opened: e.At,
		Absent: e.Without, Reason: e.Reason, Part: Closed, Spoken: map[string]time.Duration{}})
}
func (e MeetingOpened) Fact() (Moment, string) { return e.At, e.Source }
func (e MeetingOpened) Phrase() phrasebook.Phrase {
	if len(e.Without) > 0 {
		return phrasebook.Say("event.meeting-opened-without", "Number", e.Number, "Parties", sides(e.Without), "Reason", phrasebook.Words(e.Reason))
	}
	return phrasebook.Say("event.meeting-opened", "Number", e.Number)
}

// inSession returns the open meeting if it is not suspended, or refuses.
func (t *Talks) inSession(rule int) (*Meeting, error) {
	m := t.Meeting()
	switch {
	case m == nil:
		return nil, ruling.No(ruling.OutOfOrder, rule, "no-meeting")
	case m.Suspended():
		return nil, ruling.No(ruling.OutOfOrder, rule, "meeting-suspended")
	}
	return m, nil
}

// SuspendMeeting interrupts the meeting; its net clock stands still (rule 12).
type SuspendMeeting struct {
	Reason string `form:"optional"`
	AfterTheFact
}

func (a SuspendMeeting) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	m, err := t.inSession(12)
	if err != nil {
		return nil, err
	}
	when, err := a.moment(at, m.latest())
	if err != nil {
		return nil, err
	}
	return append(t.endTurn(when), MeetingSuspended{At: when, Reason: a.Reason, Source: a.Source}), nil
}

// MeetingSuspended says that the meeting is interrupted.
type MeetingSuspended struct {
	At     Moment
	Reason string `words:"yes"`
	Source string `words:"yes"`
}

func (e MeetingSuspended) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil {
		m.Breaks = append(m.Breaks, Break{From: e.At, Reason: e.Reason})
	}
}
func (e MeetingSuspended) Fact() (Moment, string) { return e.At, e.Source }
func (e MeetingSuspended) Phrase() phrasebook.Phrase {
	if e.Reason == "" {
		return phrasebook.Say("event.meeting-suspended")
	}
	return phrasebook.Say("event.meeting-suspended-why", "Reason", phrasebook.Words(e.Reason))
}

// ResumeMeeting takes the meeting up again (rule 12).
type ResumeMeeting struct {
	AfterTheFact
}

func (a ResumeMeeting) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	m := t.Meeting()
	if m == nil || !m.Suspended() {
		return nil, ruling.No(ruling.OutOfOrder, 12, "not-suspended")
	}
	when, err := a.moment(at, m.latest())
	if err != nil {
		return nil, err
	}
	since := m.Breaks[len(m.Breaks)-1].From.Time
	return []Event{MeetingResumed{At: when, After: int(when.Time.Sub(since).Round(time.Minute) / time.Minute), Source: a.Source}}, nil
}

// MeetingResumed says that the meeting goes on.
type MeetingResumed struct {
	At     Moment
	After  int    // whole minutes of suspension
	Source string `words:"yes"`
}

func (e MeetingResumed) apply(t *Talks, _ Entered) {
	if m := t.Meeting(); m != nil && m.Suspended() {
		m.Breaks[len(m.Breaks)-1].To = &e.At
	}
}
func (e MeetingResumed) Fact() (Moment, string) { return e.At, e.Source }
func (e MeetingResumed) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.meeting-resumed", "After", phrasebook.Minutes(time.Duration(e.After)*time.Minute))
}

// AdjournMeeting closes the meeting. Whoever has the floor has it no longer
// (rule 12).
type AdjournMeeting struct {
	AfterTheFact
}

func (a AdjournMeeting) decide(t *Talks, _ seat.Seat, at Moment) ([]Event, error) {
	m := t.Meeting()
	if m == nil {
		return nil, ruling.No(ruling.OutOfOrder, 12, "no-meeting")
	}
	when, err := a.moment(at, m.latest())
	if err != nil {
		return nil, err
	}
	closed := *m
	closed.Closed = &when
	gross, net := closed.Clock(when.Time)
	e := MeetingAdjourned{At: when, Gross: int(gross.Round(time.Minute) / time.Minute), Net: int(net.Round(time.Minute) / time.Minute), Source: a.Source}
	return append(t.endTurn(when), e), nil
}

// MeetingAdjourned says that the meeting is over, and how long it lasted in
// whole minutes with and without its breaks.
type MeetingAdjourned struct {
	At         Moment
	Gross, Net int
	Source     string `words:"yes"`
}

func (e MeetingAdjourned) apply(t *Talks, _ Entered) {
	m := t.Meeting()
	if m == nil {
		return
	}
	if m.Suspended() {
		m.Breaks[len(m.Breaks)-1].To = &e.At
	}
	m.Closed = &e.At
	m.before = nil
}
func (e MeetingAdjourned) Fact() (Moment, string) { return e.At, e.Source }
func (e MeetingAdjourned) Phrase() phrasebook.Phrase {
	minutes := func(n int) phrasebook.Minutes { return phrasebook.Minutes(time.Duration(n) * time.Minute) }
	return phrasebook.Say("event.meeting-adjourned", "Gross", minutes(e.Gross), "Net", minutes(e.Net))
}

// RecordDifferingTime puts a party's own time for a turning of the meeting
// beside the recorded one. Both stand (rule 13).
type RecordDifferingTime struct {
	Of   Turning
	When time.Time
}

// A Turning is a moment of a meeting that two sides may time differently.
type Turning string

// Choices lists the turnings.
func (Turning) Choices() []string { return []string{"opened", "suspended", "resumed", "adjourned"} }

func (a RecordDifferingTime) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	if len(t.Meetings) == 0 {
		return nil, ruling.No(ruling.OutOfOrder, 13, "no-meeting-yet")
	}
	m := &t.Meetings[len(t.Meetings)-1]
	switch {
	case a.Of == "" || a.When.IsZero():
		return nil, ruling.No(ruling.Invalid, 13, "needs-time")
	case a.When.After(at.Time):
		return nil, ruling.No(ruling.Invalid, 13, "in-the-future", "Time", at.Told(a.When).Say())
	case !m.turned(a.Of):
		return nil, ruling.No(ruling.OutOfOrder, 13, "not-yet-turned", "Turning", phrasebook.Term("turning."+string(a.Of)))
	}
	return []Event{DifferingTimeRecorded{Meeting: m.Number, Party: by.Party, Of: a.Of, At: at.Told(a.When)}}, nil
}

func (m *Meeting) turned(of Turning) bool {
	switch of {
	case "suspended":
		return len(m.Breaks) > 0
	case "resumed":
		return len(m.Breaks) > 0 && m.Breaks[0].To != nil
	case "adjourned":
		return m.Closed != nil
	}
	return true
}

// DifferingTimeRecorded is a party's own time for a turning of a meeting.
type DifferingTimeRecorded struct {
	Meeting int
	Party   seat.Party
	Of      Turning
	At      Moment
}

func (e DifferingTimeRecorded) apply(t *Talks, _ Entered) {
	if e.Meeting >= 1 && e.Meeting <= len(t.Meetings) {
		m := &t.Meetings[e.Meeting-1]
		m.Differs = append(m.Differs, Difference{e.Party, e.Of, e.At})
	}
}
func (e DifferingTimeRecorded) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.differing-time-recorded", "Party", phrasebook.Side(e.Party), "Number", e.Meeting,
		"Turning", phrasebook.Term("turning."+string(e.Of)), "Time", e.At.Say())
}
