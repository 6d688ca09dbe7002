package room

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// AskSealed puts a question to several parties, each of which answers in its
// own delegation's room, where the mediation does not read. At a fixed time all
// answers are opened to the mediation together (rule 67).
type AskSealed struct {
	Name     string // a short word to call the question by
	Question string `form:"long"`
	Parties  string // keys, separated by commas
	Opens    time.Time
}

// Room is the mediation's.
func (AskSealed) Room(seat.Seat) Key { return Key{Kind: Mediation} }

var questionName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (a AskSealed) decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	parties := FormRoom{Parties: a.Parties}.parties()
	switch {
	case !questionName.MatchString(a.Name):
		return nil, ruling.No(ruling.Invalid, 67, "question-name", "Given", a.Name)
	case question(r.Asked, a.Name) != nil:
		return nil, ruling.No(ruling.OutOfOrder, 67, "question-asked", "Given", a.Name)
	case strings.TrimSpace(a.Question) == "":
		return nil, ruling.No(ruling.Invalid, 67, "needs-words")
	case len(parties) == 0:
		return nil, ruling.No(ruling.Invalid, 67, "room-needs-parties")
	case !a.Opens.After(at.Time):
		return nil, ruling.No(ruling.Invalid, 67, "needs-opening")
	}
	opens := at.Told(a.Opens)
	events := []talks.Event{SealedAsked{Name: a.Name, Parties: parties, Opens: opens, Question: a.Question}}
	for i, p := range parties {
		if t.Party(p) == nil || slices.Contains(parties[:i], p) {
			return nil, ruling.No(ruling.Absent, 67, "no-such-party", "Party", string(p))
		}
		events = append(events, Elsewhere{Event: SealedPut{Name: a.Name, Opens: opens, Question: a.Question}, Room: Key{Delegation, string(p)}})
	}
	return events, nil
}

// A Question is a sealed question as it stands in a room.
type Question struct {
	Name    string
	Text    string
	Opens   talks.Moment
	Parties []seat.Party // in the mediation's room: to whom it was put
	Answer  string       // in a delegation's room: the answer that stands
	Opened  bool
	Answers []Answer // in the mediation's room, once opened
}

// An Answer is what one party answered; without words if it did not.
type Answer struct {
	Party seat.Party
	Text  string
}

func question(list []Question, name string) *Question {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// SealedAsked is the question in the mediation's room.
type SealedAsked struct {
	Name     string
	Parties  []seat.Party
	Opens    talks.Moment
	Question string `words:"yes"`
}

func (e SealedAsked) apply(r *Room, _ talks.Entered) {
	r.Asked = append(r.Asked, Question{Name: e.Name, Text: e.Question, Opens: e.Opens, Parties: e.Parties})
}

// Phrase says it to the mediation.
func (e SealedAsked) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.sealed-asked", "Question", phrasebook.Words(e.Question), "Parties", sides(e.Parties), "Opens", e.Opens.Say())
}

func sides(parties []seat.Party) (list phrasebook.Sides) {
	for _, p := range parties {
		list = append(list, phrasebook.Side(p))
	}
	return list
}

// SealedPut is the question in a delegation's room. It does not say to whom
// else it was put.
type SealedPut struct {
	Name     string
	Opens    talks.Moment
	Question string `words:"yes"`
}

func (e SealedPut) apply(r *Room, _ talks.Entered) {
	r.Put = append(r.Put, Question{Name: e.Name, Text: e.Question, Opens: e.Opens})
}

// Phrase says it to the delegation.
func (e SealedPut) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.sealed-put", "Question", phrasebook.Words(e.Question), "Opens", e.Opens.Say())
}

// AnswerSealed answers for the delegation, or answers anew, until the time of
// opening. The last answer stands (rule 67).
type AnswerSealed struct {
	Name string
	Text string `form:"long"`
}

// Room is that of the delegation.
func (AnswerSealed) Room(by seat.Seat) Key { return Key{Delegation, string(by.Party)} }

func (a AnswerSealed) decide(r *Room, _ *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	q := question(r.Put, a.Name)
	switch {
	case q == nil:
		return nil, ruling.No(ruling.Absent, 67, "no-such-question", "Given", a.Name)
	case !at.Time.Before(q.Opens.Time):
		return nil, ruling.No(ruling.OutOfOrder, 67, "question-closed", "Time", q.Opens.Say())
	case strings.TrimSpace(a.Text) == "":
		return nil, ruling.No(ruling.Invalid, 67, "needs-words")
	}
	return []talks.Event{SealedAnswered{Name: a.Name, Seat: by.Key, At: at, Text: a.Text}}, nil
}

// SealedAnswered is an answer, in the delegation's own record.
type SealedAnswered struct {
	Name string
	Seat seat.Key
	At   talks.Moment
	Text string `words:"yes"`
}

func (e SealedAnswered) apply(r *Room, _ talks.Entered) {
	if q := question(r.Put, e.Name); q != nil {
		q.Answer = e.Text
	}
}

// Phrase says it to the delegation.
func (e SealedAnswered) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.sealed-answered", "Name", e.Name, "Text", phrasebook.Words(e.Text))
}

// OpenSealed opens all answers at once, when their time has come. The clock
// does it, and nobody else (rule 67).
type OpenSealed struct {
	Name string
}

// Room is the mediation's.
func (OpenSealed) Room(seat.Seat) Key { return Key{Kind: Mediation} }

func (a OpenSealed) decide(r *Room, t *Table, _ seat.Seat, at talks.Moment) ([]talks.Event, error) {
	q := question(r.Asked, a.Name)
	if q == nil || q.Opened || at.Time.Before(q.Opens.Time) {
		return nil, ruling.No(ruling.OutOfOrder, 67, "nothing-due")
	}
	opened := SealedOpened{Name: a.Name, Due: q.Opens}
	for _, p := range q.Parties {
		text := ""
		if put := question(t.Room(Key{Delegation, string(p)}).Put, a.Name); put != nil {
			text = put.Answer
		}
		opened.Answers = append(opened.Answers, Answer{Party: p, Text: text})
	}
	return []talks.Event{opened}, nil
}

// SealedOpened are all answers, in the mediation's room.
type SealedOpened struct {
	Name    string
	Due     talks.Moment
	Answers []Answer `words:"yes"`
}

func (e SealedOpened) apply(r *Room, _ talks.Entered) {
	if q := question(r.Asked, e.Name); q != nil {
		q.Opened, q.Answers = true, e.Answers
	}
}

// Phrase says them to the mediation, in the order in which they were asked.
func (e SealedOpened) Phrase() phrasebook.Phrase {
	said := make([]string, len(e.Answers))
	for i, a := range e.Answers {
		said[i] = string(a.Party) + ": " + cmp.Or(a.Text, "–")
	}
	return phrasebook.Say("event.sealed-opened", "Name", e.Name, "Answers", phrasebook.Words(strings.Join(said, "; ")))
}

// Due is what time has brought about in a room: sealed questions to be opened.
func (r *Room) Due(at time.Time) (acts []Act) {
	for _, q := range r.Asked {
		if !q.Opened && !q.Opens.Time.After(at) {
			acts = append(acts, OpenSealed{Name: q.Name})
		}
	}
	return acts
}

// Instruct tells the delegation what it may accept and what not, on an item of
// the talks. A red line is an instruction whose words must not be agreed to
// (rule 68).
type Instruct struct {
	On      string // the item or clause
	Text    string `form:"long"`
	RedLine bool   `json:"red-line"`
}

// Room is that of the delegation with its capital.
func (Instruct) Room(by seat.Seat) Key { return Key{Delegation, string(by.Party)} }

func (a Instruct) decide(_ *Room, _ *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	if strings.TrimSpace(a.On) == "" || strings.TrimSpace(a.Text) == "" {
		return nil, ruling.No(ruling.Invalid, 68, "instruction-needs")
	}
	return []talks.Event{InstructionGiven{Seat: by.Key, At: at, RedLine: a.RedLine, On: a.On, Text: a.Text}}, nil
}

// InstructionGiven is an instruction to a delegation.
type InstructionGiven struct {
	Seat    seat.Key
	At      talks.Moment
	RedLine bool   `json:"red-line"`
	On      string `words:"yes"`
	Text    string `words:"yes"`
}

// An Instruction is a line of the delegation's instructions.
type Instruction struct {
	InstructionGiven
	Number int64
}

func (e InstructionGiven) apply(r *Room, on talks.Entered) {
	r.Instructions = append(r.Instructions, Instruction{e, on.Number})
}

// Phrase says it to the delegation.
func (e InstructionGiven) Phrase() phrasebook.Phrase {
	key := "event.instruction-given"
	if e.RedLine {
		key = "event.red-line-drawn"
	}
	return phrasebook.Say(key, "On", phrasebook.Words(e.On), "Text", phrasebook.Words(e.Text))
}
