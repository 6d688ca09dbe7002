package room

import (
	"regexp"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// FormRoom brings parties together in a contact group, or in a side meeting in
// another format, with a record of its own. The mediation is always in it;
// whoever is not learns nothing of it (rule 62).
type FormRoom struct {
	As      GroupKind
	Name    string // a short word to call it by
	Title   string
	Parties string // keys, separated by commas
}

// A GroupKind is a room that is formed, rather than there by what it is.
type GroupKind string

// Choices lists the kinds.
func (GroupKind) Choices() []string { return []string{string(Group), string(Side)} }

// Room is the one to be formed.
func (a FormRoom) Room(seat.Seat) Key { return Key{Kind(a.As), a.Name} }

func (a FormRoom) parties() (list []seat.Party) {
	for p := range strings.SplitSeq(a.Parties, ",") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, seat.Party(p))
		}
	}
	return list
}

// groups are whom the room is for.
func (a FormRoom) groups() []string {
	groups := []string{seat.Mediation}
	for _, p := range a.parties() {
		groups = append(groups, seat.PartyGroup(p))
	}
	return groups
}

var roomName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (a FormRoom) decide(r *Room, t *Table, _ seat.Seat, _ talks.Moment) ([]talks.Event, error) {
	switch {
	case a.As == "" || !roomName.MatchString(a.Name):
		return nil, ruling.No(ruling.Invalid, 62, "room-name", "Given", a.Name)
	case strings.TrimSpace(a.Title) == "":
		return nil, ruling.No(ruling.Invalid, 62, "needs-title")
	case r.Formed():
		return nil, ruling.No(ruling.OutOfOrder, 62, "room-formed", "Given", a.Name)
	case len(a.parties()) == 0:
		return nil, ruling.No(ruling.Invalid, 62, "room-needs-parties")
	}
	for _, p := range a.parties() {
		if t.Party(p) == nil {
			return nil, ruling.No(ruling.Absent, 62, "no-such-party", "Party", string(p))
		}
	}
	return nil, nil // the room's first entry says it all
}

// SayInRoom says something to those in a room, and to nobody else (rule 62).
type SayInRoom struct {
	In   string // which room; see address
	Text string `form:"long"`
}

// Room is the one that is addressed.
func (a SayInRoom) Room(by seat.Seat) Key { return address(a.In, by) }

func (a SayInRoom) decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	if err := there(r, a.Room(by), t); err != nil {
		return nil, err
	}
	if strings.TrimSpace(a.Text) == "" {
		return nil, ruling.No(ruling.Invalid, 62, "needs-words")
	}
	return []talks.Event{SaidInRoom{Side: by.Side(), Seat: by.Key, At: at, Text: a.Text}}, nil
}

// there refuses a room that does not exist and is not there by what it is. Such
// a room has one spelling, so that there is one room of each: rooms are counted,
// and whoever could spell theirs in many ways would use up everybody's.
func there(r *Room, k Key, t *Table) error {
	if r.Formed() {
		return nil
	}
	party := func(name string) bool { return t.Party(seat.Party(name)) != nil }
	ok := false
	switch k.Kind {
	case Mediation:
		ok = k.Name == ""
	case Delegation, Shuttle:
		ok = party(k.Name)
	case Notes:
		a, b, _ := strings.Cut(k.Name, " ")
		ok = a != b && party(a) && party(b)
	}
	if !ok {
		return ruling.No(ruling.Absent, 62, "no-such-room")
	}
	return nil
}

// SaidInRoom is what somebody said in a room.
type SaidInRoom struct {
	Side string
	Seat seat.Key
	At   talks.Moment
	Text string `words:"yes"`
}

func (e SaidInRoom) apply(r *Room, on talks.Entered) {
	r.Said = append(r.Said, e)
	r.said[on.Number] = said{e.Side, e.Text}
}

// Phrase says it to those in the room.
func (e SaidInRoom) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.said-in-room", "Side", phrasebook.Side(e.Side), "Text", phrasebook.Words(e.Text))
}
