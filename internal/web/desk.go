package web

import (
	"slices"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A deskView is what one person can do in the meeting: forms of their own, and
// the tools of whoever leads it.
type deskView struct {
	*voice
	Row      *row   // what needs no more than pressing
	Speak    *form  // a statement
	Speaking string // why it may have to wait
	Forms    []form
	Tools    string // heading of the tools; empty without
	ToolsRow *row
	ToolSet  []form
}

// A row is buttons under one audience line.
type row struct {
	Buttons  []button
	Audience audience
	Request  string
}

type button struct{ act, Action, Label string }

// shown says on which page the form of an act stands. What is not listed
// stands among the further acts, or among the rooms if it is done in one, so
// that an act that is new is found without a line here.
var shown = map[string]string{
	"open-round":             "meeting",
	"close-round":            "meeting",
	"open-meeting":           "meeting",
	"suspend-meeting":        "meeting",
	"resume-meeting":         "meeting",
	"adjourn-meeting":        "meeting",
	"record-differing-time":  "meeting",
	"arrive":                 "meeting",
	"leave":                  "meeting",
	"set-part":               "meeting",
	"ask-for-floor":          "meeting",
	"ask-for-reply":          "meeting",
	"give-floor":             "meeting",
	"yield-floor":            "meeting",
	"set-time-limit":         "meeting",
	"speak":                  "meeting",
	"correct":                "meeting",
	"raise-point-of-order":   "meeting",
	"rule-on-point":          "meeting",
	"convene":                "convene",
	"admit-party":            "delegations",
	"name-party":             "delegations",
	"name-mediator":          "delegations",
	"name-team-member":       "delegations",
	"name-chair":             "delegations",
	"name-host":              "delegations",
	"accredit":               "delegations",
	"accredit-list":          "delegations",
	"admit-observer":         "delegations",
	"arrange-venue":          "delegations",
	"close-talks":            "delegations",
	"announce":               "publish",
	"publish":                "publish",
	"issue-holding-line":     "publish",
	"withdraw-holding-line":  "publish",
	"expect":                 "delegations",
	"note-absence":           "delegations",
	"request-observer":       "delegations",
	"rule-on-request":        "delegations",
	"propose-modality":       "modalities",
	"agree-modality":         "modalities",
	"open-track":             "modalities",
	"disclose":               "background",
	"acknowledge-disclosure": "background",
	"link-earlier":           "background",
	"record-outside":         "background",
	"record-side-meeting":    "background",
	"attach":                 "background",
	"ask-destruction":        "records/joint",
	"agree-destruction":      "records/joint",
	"form-room":              "rooms",
	"pass-note":              "room",
	"seat-capital":           "room",
	"say-in-room":            "room",
	"attach-in-room":         "room",
	"object":                 "room",
	"log-contact":            "room",
	"note-deadline":          "room",
	"strike-deadline":        "room",
}

func pageOf(act string) string {
	if page := shown[act]; page != "" {
		return page
	}
	if is, rooms := onText(act); is && !rooms {
		return "text"
	}
	spec, ok := room.Acts.Spec(act)
	switch {
	case !ok:
		return "further"
	case addressed(spec):
		return "room"
	}
	return "rooms"
}

// addressed reports whether an act says in which room it is done.
func addressed(spec *catalogue.Spec) bool {
	return slices.ContainsFunc(spec.Fields, func(f catalogue.Field) bool { return f.Name == "in" })
}

// formsOn makes the forms of a page that a seat may use now.
func (h *house) formsOn(page string, v *voice, s secretariat.Sight) (list []form) {
	for _, spec := range secretariat.Acts.Specs() {
		if pageOf(spec.Name) != page || !offered(spec.Name, v, s) {
			continue
		}
		if f, ok := h.form(v, s, spec.Name, desired{leave: leaves(spec.Name, s)}); ok {
			list = append(list, f)
		}
	}
	return list
}

// leaves are fields that make no sense at the moment.
func leaves(act string, s secretariat.Sight) []string {
	m := s.Talks.Meeting()
	switch {
	case act == "speak" && (m == nil || m.Part != talks.Open || !s.Talks.Announced):
		return []string{"public"}
	case act == "open-meeting" && !slices.ContainsFunc(s.Talks.Parties, func(p talks.Party) bool { _, ok := s.Talks.Head(p.Key); return !ok }):
		return []string{"absent"}
	}
	return nil
}

// offered reports whether an act can be in order at this moment, so that no
// form is shown that could only be refused. The rule itself is the talks'.
func offered(act string, v *voice, s secretariat.Sight) bool {
	t, m := s.Talks, s.Talks.Meeting()
	if t.Closed != nil {
		return false
	}
	session := inSession(t)
	own := s.Seat.Side()
	switch act {
	case "open-meeting", "close-talks":
		return m == nil
	case "open-round":
		return m == nil && t.Round() == nil
	case "close-round":
		return m == nil && t.Round() != nil
	case "speak":
		return session
	case "suspend-meeting", "set-part", "set-time-limit", "raise-point-of-order":
		return session && !isPending(m)
	case "adjourn-meeting":
		return m != nil && !isPending(m)
	case "resume-meeting":
		return m != nil && m.Suspended()
	case "rule-on-point":
		return session && isPending(m)
	case "arrive", "leave":
		return m != nil && slices.Contains(m.Present, s.Seat.Key) == (act == "leave")
	case "ask-for-floor", "ask-for-reply":
		reply := act == "ask-for-reply"
		return session && !m.Floor.Has(own, reply) && (m.Floor.Turn == nil || m.Floor.Turn.Side != own) && (!reply || othersSpoke(m, own))
	case "give-floor":
		return session && m.Floor.Turn == nil && len(m.Floor.Waiting) > 0 && !isPending(m)
	case "yield-floor":
		return session && m.Floor.Turn != nil && m.Floor.Turn.Side == own && !isPending(m)
	case "correct":
		return len(t.StatementsOf(own)) > 0
	case "record-differing-time":
		return len(t.Meetings) > 0
	case "name-chair":
		return len(mediationOptions(s)) > 0
	case "name-party", "accredit", "accredit-list":
		return len(t.Parties) > 0
	case "note-absence", "rule-on-request", "object", "strike-deadline", "agree-destruction":
		return len(entryOptions(v, s, act)) > 0
	case "agree-modality":
		return len(agreeable(s)) > 0
	case "acknowledge-disclosure":
		return unnoted(s)
	case "form-room":
		return len(t.Parties) > 0
	case "announce":
		return !t.Announced
	case "publish":
		return t.Announced
	case "issue-holding-line":
		return t.Announced && t.LineOf(own) == nil
	case "withdraw-holding-line":
		return t.Announced && t.LineOf(own) != nil
	}
	return true
}

func isPending(m *talks.Meeting) bool { _, _, ok := m.Pending(); return ok }

func othersSpoke(m *talks.Meeting, own string) bool {
	for side := range m.Spoken {
		if side != own {
			return true
		}
	}
	return false
}

// pressed are acts that need no more than a button.
var pressed = []string{"ask-for-floor", "ask-for-reply", "yield-floor", "arrive", "leave"} // in the order of the row

// deskOf gathers what a seat can do in the meeting.
func (h *house) deskOf(v *voice, s secretariat.Sight) deskView {
	d := deskView{voice: v}
	for _, f := range h.formsOn("meeting", v, s) {
		switch {
		case f.Act == "speak":
			d.Speak = &f
			d.Speaking = waits(v, s)
		case slices.Contains(pressed, f.Act):
			d.Row = d.Row.with(f, f.Button)
			slices.SortStableFunc(d.Row.Buttons, func(a, b button) int { return slices.Index(pressed, a.act) - slices.Index(pressed, b.act) })
		case f.Act == "give-floor":
			next, _ := s.Talks.Meeting().Floor.Next()
			d.ToolsRow = d.ToolsRow.with(f, v.say("page.give-floor-to", "Side", phrasebook.Words(v.title(next.Side))))
			if len(waitingOptions(v, s)) > 1 {
				f.Heading = v.say("page.out-of-turn")
				d.ToolSet = append(d.ToolSet, f)
			}
		case leads(f.Act):
			d.ToolSet = append(d.ToolSet, f)
		default:
			d.Forms = append(d.Forms, f)
		}
	}
	if len(d.ToolSet) > 0 || d.ToolsRow != nil {
		d.Tools = v.say("page.tools-mediator")
		if s.Seat.Chair {
			d.Tools = v.say("page.tools-chair")
		}
	}
	return d
}

// leads reports whether an act is for those who lead the meeting and no party.
func leads(act string) bool {
	return !(seat.Seat{Role: seat.Head}).Permits(act) && !(seat.Seat{Role: seat.Observer}).Permits(act)
}

func (r *row) with(f form, label string) *row {
	if r == nil {
		r = &row{Audience: f.Audience, Request: f.Request}
	}
	r.Buttons = append(r.Buttons, button{f.Act, f.Action, label})
	return r
}

// waits says why words may have to wait, if they would now be refused.
func waits(v *voice, s secretariat.Sight) string {
	m := s.Talks.Meeting()
	turn := m.Floor.Turn
	switch {
	case isPending(m):
		return v.say("page.wait-point")
	case turn != nil && turn.Side != s.Seat.Side():
		return v.say("page.wait-floor", "Side", phrasebook.Words(v.title(turn.Side)))
	case turn == nil && !s.Seat.Chair:
		return v.say("page.wait-nobody")
	}
	return ""
}

// requests are the request ids of all forms on the desk.
func (d deskView) requests() (list []string) {
	for _, r := range []*row{d.Row, d.ToolsRow} {
		if r != nil {
			list = append(list, r.Request)
		}
	}
	if d.Speak != nil {
		list = append(list, d.Speak.Request)
	}
	for _, f := range slices.Concat(d.Forms, d.ToolSet) {
		list = append(list, f.Request)
	}
	return list
}
