package talks

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Accredit seats a person in a delegation, with the offices they hold and the
// powers their side has given them. The mediator accepts the credentials of
// any delegation; a head, those of their own (rule 6). A delegation has one head.
type Accredit struct {
	Party   seat.Party
	Person  seat.Person
	Name    string
	As      Rank
	Offices string  `form:"optional"`
	Powers  []Power `form:"optional"`
}

// A Rank is a place in a delegation.
type Rank string

// Choices lists the ranks.
func (Rank) Choices() []string {
	return []string{string(seat.Head), string(seat.Delegate), string(seat.Adviser)}
}

// A Power is a power of a person to act for their party; see [seat.Power].
type Power string

// Choices lists the powers.
func (Power) Choices() (list []string) {
	for _, p := range seat.Powers() {
		list = append(list, string(p))
	}
	return list
}

func (a Accredit) decide(t *Talks, by seat.Seat, _ Moment) ([]Event, error) {
	return a.at(t, by, 0)
}

// at decides the n-th accreditation of one act.
func (a Accredit) at(t *Talks, by seat.Seat, n int) ([]Event, error) {
	if err := t.free(a.Person, a.Name); err != nil {
		return nil, err
	}
	_, hasHead := t.Head(a.Party)
	switch {
	case t.Party(a.Party) == nil:
		return nil, ruling.No(ruling.Absent, 6, "no-such-party", "Party", string(a.Party))
	case by.Role == seat.Head && by.Party != a.Party:
		return nil, ruling.No(ruling.Denied, 6, "other-delegation", "Party", phrasebook.Side(a.Party))
	case a.As == "":
		return nil, ruling.No(ruling.Invalid, 6, "needs-rank")
	case a.As == Rank(seat.Head) && hasHead:
		return nil, ruling.No(ruling.OutOfOrder, 6, "has-head", "Party", phrasebook.Side(a.Party))
	case a.As == Rank(seat.Adviser) && len(a.Powers) > 0:
		return nil, ruling.No(ruling.Invalid, 7, "adviser-powers")
	}
	return []Event{DelegateAccredited{Seat: t.nextKey(n), Party: a.Party, Person: a.Person, As: a.As,
		Powers: a.Powers, Name: a.Name, Offices: a.Offices}}, nil
}

// DelegateAccredited says that a person sits in a delegation.
type DelegateAccredited struct {
	Seat    seat.Key
	Party   seat.Party
	Person  seat.Person
	As      Rank
	Powers  []Power
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e DelegateAccredited) apply(t *Talks, _ Entered) {
	s := seat.Seat{Key: e.Seat, Person: e.Person, Party: e.Party, Role: seat.Role(e.As), Name: e.Name, Offices: e.Offices}
	for _, p := range e.Powers {
		s.Powers = append(s.Powers, seat.Power(p))
	}
	t.newSeat(s)
}

func (e DelegateAccredited) Phrase() phrasebook.Phrase {
	powers := make(phrasebook.Terms, 0, len(e.Powers))
	for _, p := range e.Powers {
		powers = append(powers, phrasebook.Term("power."+string(p)))
	}
	key := withOffices("event.delegate-accredited", e.Offices)
	if len(powers) > 0 {
		key += "-and-powers"
	}
	return phrasebook.Say(key, "Name", phrasebook.Words(e.Name), "Offices", phrasebook.Words(e.Offices),
		"Party", phrasebook.Side(e.Party), "As", phrasebook.Term("role."+string(e.As)), "Powers", powers)
}

// AccreditList seats a whole delegation from comma-separated lines of person,
// name, rank, offices and powers (powers separated by semicolons); the first
// line names the columns. All are seated or none (rule 6).
type AccreditList struct {
	Party seat.Party
	List  string `form:"long"`
}

func (a AccreditList) decide(t *Talks, by seat.Seat, at Moment) ([]Event, error) {
	lines, err := a.lines()
	if err != nil {
		return nil, err
	}
	var events []Event
	heads, persons := 0, map[seat.Person]bool{}
	for i, line := range lines {
		more, err := line.at(t, by, i)
		if err != nil {
			return nil, err
		}
		if line.As == Rank(seat.Head) {
			heads++
		}
		if heads > 1 || persons[line.Person] {
			return nil, ruling.No(ruling.Invalid, 6, "list-line", "Line", i+2, "Why", phrasebook.Term("refusal.list-twice"))
		}
		persons[line.Person] = true
		events = append(events, more...)
	}
	return events, nil
}

var listColumns = []string{"person", "name", "rank", "offices", "powers"}

const maxList = 200 // persons in one list

// lines reads the list. A line that cannot be read is named by its number.
func (a AccreditList) lines() ([]Accredit, error) {
	r := csv.NewReader(strings.NewReader(a.List))
	r.FieldsPerRecord = len(listColumns)
	r.TrimLeadingSpace = true
	var list []Accredit
	for n := 1; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, ruling.No(ruling.Invalid, 6, "list-line", "Line", n, "Why", phrasebook.Term("refusal.list-columns"))
		}
		if n == 1 {
			if !equal(row, listColumns) {
				return nil, ruling.No(ruling.Invalid, 6, "list-line", "Line", 1, "Why", phrasebook.Term("refusal.list-columns"))
			}
			continue
		}
		line, ok := a.line(row)
		if !ok || n > maxList+1 {
			return nil, ruling.No(ruling.Invalid, 6, "list-line", "Line", n, "Why", phrasebook.Term("refusal.list-words"))
		}
		list = append(list, line)
	}
	if len(list) == 0 {
		return nil, ruling.No(ruling.Invalid, 6, "list-empty")
	}
	return list, nil
}

// line reads one row; ok is false if rank or powers are not words of ours.
func (a AccreditList) line(row []string) (line Accredit, ok bool) {
	line = Accredit{Party: a.Party, Person: seat.Person(row[0]), Name: row[1], As: Rank(row[2]), Offices: row[3]}
	ok = among(row[2], line.As.Choices())
	for p := range strings.SplitSeq(row[4], ";") {
		if p = strings.TrimSpace(p); p != "" {
			line.Powers = append(line.Powers, Power(p))
			ok = ok && among(p, Power("").Choices())
		}
	}
	return line, ok
}

func equal(a, b []string) bool { return strings.Join(a, ",") == strings.Join(b, ",") }

func among(word string, list []string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// AdmitObserver gives an observer or a guarantor a seat. They hear what is said
// at the table from now on, and nothing of what was said before (rule 9).
type AdmitObserver struct {
	Person  seat.Person
	Name    string
	As      Standing
	Offices string `form:"optional"`
}

// A Standing is in what capacity somebody sits in who is of no party.
type Standing string

// Choices lists the standings.
func (Standing) Choices() []string { return []string{string(seat.Observer), string(seat.Guarantor)} }

func (a AdmitObserver) decide(t *Talks, _ seat.Seat, _ Moment) ([]Event, error) {
	if err := t.free(a.Person, a.Name); err != nil {
		return nil, err
	}
	if a.As == "" {
		return nil, ruling.No(ruling.Invalid, 9, "needs-standing")
	}
	return []Event{ObserverAdmitted{Seat: t.nextKey(0), Person: a.Person, As: a.As, Name: a.Name, Offices: a.Offices}}, nil
}

// ObserverAdmitted says that an observer or guarantor is seated.
type ObserverAdmitted struct {
	Seat    seat.Key
	Person  seat.Person
	As      Standing
	Name    string `words:"yes"`
	Offices string `words:"yes"`
}

func (e ObserverAdmitted) apply(t *Talks, _ Entered) {
	t.newSeat(seat.Seat{Key: e.Seat, Person: e.Person, Role: seat.Role(e.As), Name: e.Name, Offices: e.Offices})
}

func (e ObserverAdmitted) Phrase() phrasebook.Phrase {
	return phrasebook.Say(withOffices("event.observer-admitted", e.Offices), "Name", phrasebook.Words(e.Name),
		"Offices", phrasebook.Words(e.Offices), "As", phrasebook.Term("role."+string(e.As)))
}
