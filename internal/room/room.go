// Package room is what goes on in a private room: a record of its own, folded
// into a [Room], with acts that only those in the room may do or ever hear of.
//
// Like talks, it is a pure function of its record: Decide may refuse and
// changes nothing, Apply changes and cannot refuse. Whoever is not in a room
// cannot tell whether anything happened there; so no event of a room touches
// the joint record, and room keys are made by the desk from chance. Which seats
// there are at the table it asks of talks, and never changes them.
package room

import (
	"slices"
	"strings"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
	"parley/internal/text"
)

// A Kind says what a room is for, and so who is in it.
type Kind string

const (
	Notes      Kind = "notes"         // two parties pass each other notes
	Delegation Kind = "delegation"    // one party with its capital
	Shuttle    Kind = "shuttle"       // the mediation and one party
	Mediation  Kind = "mediation"     // the mediation among itself
	Group      Kind = "contact-group" // whom the mediator brings together to draft
	Side       Kind = "side-meeting"  // a meeting in another format
)

// A Key says which room an act belongs to. There is one room of each key.
type Key struct {
	Kind Kind
	Name string // the parties in order of key, or what a group or side meeting is called
}

// String is the same for equal keys only.
func (k Key) String() string { return string(k.Kind) + " " + k.Name }

func between(a, b seat.Party) Key {
	return Key{Notes, string(min(a, b)) + " " + string(max(a, b))}
}

// Members returns the groups of readers that are in the room by what it is.
// Those of a contact group or side meeting are chosen when it is formed.
func (k Key) Members() (groups []string) {
	if k.Kind == Shuttle || k.Kind == Mediation {
		groups = append(groups, seat.Mediation)
	}
	if k.Kind == Notes || k.Kind == Delegation || k.Kind == Shuttle {
		for name := range strings.FieldsSeq(k.Name) {
			groups = append(groups, seat.PartyGroup(seat.Party(name)))
		}
	}
	return groups
}

// address finds the room that somebody means: "delegation", "mediation",
// "shuttle" for a party and "shuttle:kenya" for the mediation, "notes:uganda",
// "contact-group:fish", "side-meeting:dinner".
func address(text string, by seat.Seat) Key {
	kind, name, _ := strings.Cut(text, ":")
	switch Kind(kind) {
	case Delegation:
		return Key{Delegation, string(by.Party)}
	case Shuttle:
		if by.Party != "" && name == "" {
			name = string(by.Party)
		}
		return Key{Shuttle, name}
	case Notes:
		return between(by.Party, seat.Party(name))
	}
	return Key{Kind(kind), name}
}

// An Act is something to do in a room.
type Act interface {
	// Room says in which. It is asked before anything is decided.
	Room(by seat.Seat) Key
	decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error)
}

// A Table is what a room sees of the rest: the talks at the table, and the other
// rooms, from which something may be released or opened. It is for looking.
type Table struct {
	*talks.Talks
	Room  func(Key) *Room // never nil; a room that is not formed has the key alone
	Rooms []*Room         // all that are formed
}

// Elsewhere is an event that an act leads to in another record than that of its
// own room: what crosses a wall, crosses it as one of these.
type Elsewhere struct {
	talks.Event
	Joint, Public bool
	Room          Key // if neither
}

type event interface {
	talks.Event
	apply(r *Room, on talks.Entered)
}

// Room is the state that a room's record leads to. The zero value is a room
// that has not been formed. Its fields are for reading; only Apply changes them.
type Room struct {
	Key       Key
	Members   []string // groups of readers
	Title     string   // of a contact group or side meeting
	AnchorKey []byte   // 32 bytes, from which the salts of its anchors are derived

	Notes      []NotePassed
	Said       []SaidInRoom
	Capital    []seat.Seat
	Contacts   []ContactLogged
	Deadlines  []Deadline
	Objections []ObjectionRaised
	Papers     []talks.Paper

	Releases     []Released // out of this room
	Received     []Reception
	Asked        []Question // of the mediation's room: what was put to others
	Put          []Question // to this room
	Instructions []Instruction
	Texts        talks.Texts

	said map[int64]said
}

// said is what releases need of what was said.
type said struct {
	side string
	text string
}

// Formed reports whether the room exists.
func (r *Room) Formed() bool { return len(r.AnchorKey) > 0 }

// in reports whether a seat is in the room, or would be once it is formed.
func (r *Room) in(k Key, by seat.Seat) bool {
	members := r.Members
	if !r.Formed() {
		members = k.Members()
	}
	groups := by.Groups()
	return slices.ContainsFunc(members, func(m string) bool { return slices.Contains(groups, m) })
}

// Decide rules on an act in the room. It changes nothing. To whoever is not in
// the room, a room that exists and one that does not answer alike.
func (r *Room) Decide(act Act, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	name, rule := Acts.NameOf(act), Acts.RuleOf(act)
	switch {
	case !t.Open():
		return nil, ruling.Nothing()
	case !by.Permits(name):
		return nil, ruling.No(ruling.Denied, rule, "not-entitled", "Role", phrasebook.Term("role."+roleWord(by)), "Act", phrasebook.Term("act."+name))
	case t.Closed != nil:
		return nil, ruling.No(ruling.OutOfOrder, 1, "talks-closed")
	}
	if _, forms := act.(FormRoom); !forms && by.Role != seat.Secretariat && !r.in(act.Room(by), by) {
		return nil, ruling.No(ruling.Absent, 62, "no-such-room")
	}
	return act.decide(r, t, by, at)
}

// roleWord is the role a refusal names: the chair's, for whoever holds it.
func roleWord(s seat.Seat) string {
	if s.Chair {
		return string(seat.Chair)
	}
	return string(s.Role)
}

// Apply brings the room up to date with an event of its record.
func (r *Room) Apply(e talks.Event, on talks.Entered) {
	if r.said == nil {
		r.said = map[int64]said{}
	}
	if e, ok := e.(event); ok {
		e.apply(r, on)
	}
}

// A Formation is what the desk chooses for a new room. It must not say how many
// rooms there are.
type Formation struct {
	AnchorKey []byte // 32 bytes of chance
}

// Form is the first event of the record of a room that an act has called for.
func Form(act Act, by seat.Seat, f Formation) RoomFormed {
	e := FormAt(act.Room(by), f)
	if form, ok := act.(FormRoom); ok {
		e.Members, e.Title = form.groups(), form.Title
	}
	return e
}

// FormAt is Form for a room that something is delivered to.
func FormAt(k Key, f Formation) RoomFormed {
	return RoomFormed{Kind: k.Kind, Name: k.Name, Members: k.Members(), AnchorKey: f.AnchorKey}
}

// RoomFormed is the first entry of every room's record.
type RoomFormed struct {
	Kind      Kind
	Name      string
	Members   []string
	AnchorKey []byte `json:"anchor-key"`
	Title     string `words:"yes"`
}

func (e RoomFormed) apply(r *Room, _ talks.Entered) {
	r.Key, r.Members, r.Title, r.AnchorKey = Key{e.Kind, e.Name}, e.Members, e.Title, e.AnchorKey
}

// Phrase tells those in it of a group or a side meeting. The other rooms are
// there by what they are, and nobody needs to be told.
func (e RoomFormed) Phrase() phrasebook.Phrase {
	if e.Title == "" {
		return phrasebook.Phrase{}
	}
	return phrasebook.Say("event.room-formed", "Title", phrasebook.Words(e.Title))
}

// The catalogue of rooms; see that of talks.
var (
	Acts = catalogue.Ruled(
		under(60, PassNote{}),
		under(61, SeatCapital{}),
		under(62, FormRoom{}),
		under(62, SayInRoom{}),
		under(63, NoteDeadline{}),
		under(63, StrikeDeadline{}),
		under(64, LogContact{}),
		under(65, Object{}),
		under(45, AttachInRoom{}),
		under(70, InRoom[text.Table]{}),
		under(74, InRoom[text.Revise]{}),
		under(73, InRoom[text.AddClause]{}),
		under(73, InRoom[text.StrikeClause]{}),
		under(75, InRoom[text.BracketWords]{}),
		under(76, InRoom[text.OfferOption]{}),
		under(77, InRoom[text.SupportOption]{}),
		under(77, InRoom[text.OpposeOption]{}),
		under(77, InRoom[text.WithdrawOption]{}),
		under(78, InRoom[text.Reserve]{}),
		under(78, InRoom[text.LiftReserve]{}),
		under(79, InRoom[text.MergeOptions]{}),
		under(80, InRoom[text.Annotate]{}),
		under(81, InRoom[text.Renumber]{}),
		under(82, InRoom[text.ProposeLift]{}),
		under(82, InRoom[text.AgreeToLift]{}),
		under(82, InRoom[text.DeclineLift]{}),
		under(83, InRoom[text.AgreeAdReferendum]{}),
		under(85, InRoom[text.Confirm]{}),
		under(85, InRoom[text.Disavow]{}),
		under(86, InRoom[text.Reopen]{}),
		under(87, InRoom[text.MarkForLeaders]{}),
		under(88, InRoom[text.Freeze]{}),
		under(72, InRoom[text.TakePen]{}),
		under(72, InRoom[text.HandPen]{}),
		under(89, InRoom[text.ShowSides]{}),
		under(66, Release{}),
		under(66, Carry{}),
		under(66, Retract{}),
		under(67, AskSealed{}),
		under(67, AnswerSealed{}),
		under(67, OpenSealed{}),
		under(68, Instruct{}),
	)
	Events = catalogue.Of[talks.Event](
		RoomFormed{},
		NotePassed{},
		CapitalSeated{},
		SaidInRoom{},
		DeadlineNoted{},
		DeadlineStruck{},
		ContactLogged{},
		ObjectionRaised{},
		PaperAttachedInRoom{},
		TextChangedInRoom{},
		WordsReleased{},
		WordsCarried{},
		WordsReceived{},
		ReleaseRetracted{},
		RetractionReceived{},
		SealedAsked{},
		SealedPut{},
		SealedAnswered{},
		SealedOpened{},
		InstructionGiven{},
	)
)

// under is a line of the catalogue of acts.
func under(rule int, act Act) catalogue.Line[Act] { return catalogue.Line[Act]{Rule: rule, Value: act} }
