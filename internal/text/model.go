package text

import (
	"slices"

	"parley/internal/seat"
)

// An ID names a clause (c1), a bracket (b1), a footnote (f1), a reserve (r1)
// or a note (n1) within its text, for good. What people read are numbers,
// which may change; ids never do and are never given twice.
type ID string

// A Text is what stands on the page.
type Text struct {
	Title     string     `json:"title,omitempty"`
	Clauses   []Clause   `json:"clauses"` // in the order of reading; never changed in place, but replaced
	Footnotes []Footnote `json:"footnotes,omitempty"`
	Given     Given      `json:"given"`
}

// Given counts the ids that were given, so that none is given twice.
type Given struct {
	Clauses   int `json:"clauses,omitempty"`
	Brackets  int `json:"brackets,omitempty"`
	Footnotes int `json:"footnotes,omitempty"`
	Reserves  int `json:"reserves,omitempty"`
	Notes     int `json:"notes,omitempty"`
}

// A Clause is one numbered or unnumbered piece of a text. The body of a part,
// chapter, section, article, annex or heading is its heading; what stands
// under it are the clauses that follow and stand deeper.
type Clause struct {
	ID         ID            `json:"id"`
	Kind       Kind          `json:"kind"`
	Word       string        `json:"word,omitempty"`   // the word for its kind, where it was not the English one
	Number     string        `json:"number,omitempty"` // as displayed: 3 bis, a, IV
	Body       Body          `json:"body,omitempty"`
	Status     Status        `json:"status,omitempty"`
	Assents    []Assent      `json:"assents,omitempty"` // who has agreed, in the order of agreeing
	Reserves   []Reservation `json:"reserves,omitempty"`
	Notes      []Note        `json:"notes,omitempty"`
	Defines    []string      `json:"defines,omitempty"` // terms, besides those that its words show to be defined
	ForLeaders bool          `json:"for-leaders,omitempty"`
}

// A Kind says what a clause is and so how deep it stands.
type Kind string

const (
	Part      Kind = "part"
	Annex     Kind = "annex"
	Chapter   Kind = "chapter"
	Section   Kind = "section"
	Article   Kind = "article"
	Preamble  Kind = "preamble"
	Heading   Kind = "heading"
	Paragraph Kind = "paragraph" // numbered
	Plain     Kind = "plain"     // unnumbered
	Point     Kind = "point"     // (a)
	Subpoint  Kind = "subpoint"  // (i)
	Item      Kind = "item"      // of a list
)

var depths = map[Kind]int{
	Part: 1, Annex: 1, Chapter: 2, Section: 3, Article: 4, Preamble: 4, Heading: 4,
	Paragraph: 5, Plain: 5, Point: 6, Subpoint: 7, Item: 8,
}

// Depth returns how deep a clause of the kind stands, from 1; 0 for no kind at all.
func (k Kind) Depth() int { return depths[k] }

// Choices lists the kinds.
func (Kind) Choices() []string {
	return []string{"part", "annex", "chapter", "section", "article", "preamble", "heading", "paragraph", "plain", "point", "subpoint", "item"}
}

// IsHeading reports whether the body of a clause of this kind is a heading.
func (k Kind) IsHeading() bool { return k.Depth() > 0 && k.Depth() < Paragraph.Depth() }

// A Body is what a clause or an option says: words, choices and footnote
// marks in turn. No words are empty or follow upon words; words begin and end
// a body without a space, and hold no line break and no two spaces in a row.
type Body []Piece

// A Piece of a body is one of three.
type Piece struct {
	Words    string  `json:"words,omitempty"`
	Choice   *Choice `json:"choice,omitempty"`
	Footnote ID      `json:"footnote,omitempty"` // mark of a footnote
}

// A Choice is a bracket, or several that are alternatives to each other. It
// has two options at least; [text] has text and no text.
type Choice struct {
	ID      ID       `json:"id"`
	Form    Form     `json:"form"`
	Given   int      `json:"given"` // letters given to options so far
	Options []Option `json:"options"`
}

// A Form is how a choice was written; what it means is the same, but for Both.
type Form string

const (
	Optional Form = "optional" // [a]
	Adjacent Form = "adjacent" // [a][b]
	Slash    Form = "slash"    // [a / b]
	Options  Form = "options"  // Option 1: a, as the last in a clause
	Alts     Form = "alts"     // Alt 1: a, likewise
	Both     Form = "both"     // {A: a} {B: b}: agreed to differ, each side's reading stands
)

// An Option is one of the things that may stand in a bracket.
type Option struct {
	Key        string        `json:"key"` // its letter, for good: a, b, … z, aa
	None       bool          `json:"none,omitempty"`
	Gap        bool          `json:"gap,omitempty"` // written with a space before it
	Body       Body          `json:"body,omitempty"`
	Proposer   string        `json:"proposer,omitempty"`   // side; empty if nobody is named
	Supporters []string      `json:"supporters,omitempty"` // sides, in order of joining, besides the proposer
	Opponents  []string      `json:"opponents,omitempty"`
	Reserves   []Reservation `json:"reserves,omitempty"`
}

// Backs reports whether the side proposed the option or supports it.
func (o *Option) Backs(side string) bool {
	return side != "" && (o.Proposer == side || slices.Contains(o.Supporters, side))
}

// Opposes reports whether the side opposes the option.
func (o *Option) Opposes(side string) bool { return slices.Contains(o.Opponents, side) }

// bare reports whether nobody has said anything about the option.
func (o *Option) bare() bool {
	return o.Proposer == "" && len(o.Supporters) == 0 && len(o.Opponents) == 0 && len(o.Reserves) == 0
}

// Option returns the option of that letter, or nil.
func (c *Choice) Option(key string) *Option {
	for i := range c.Options {
		if c.Options[i].Key == key {
			return &c.Options[i]
		}
	}
	return nil
}

// none returns the option to have no text, or nil.
func (c *Choice) none() *Option {
	for i := range c.Options {
		if c.Options[i].None {
			return &c.Options[i]
		}
	}
	return nil
}

// A Status is how far agreement on a clause has come. They are in order; the
// zero value is Tabled.
type Status uint8

const (
	Tabled Status = iota
	UnderDiscussion
	AgreedAdReferendum
	Agreed
	Initialled
	Authenticated
)

var statusWords = [...]string{"tabled", "under discussion", "agreed ad ref", "agreed", "initialled", "authenticated"}

// String returns the status as it is written in a text.
func (s Status) String() string {
	if int(s) < len(statusWords) {
		return statusWords[s]
	}
	return "tabled"
}

// An Assent is one party's agreement to a clause as it stands.
type Assent struct {
	Party seat.Party  `json:"party"`
	Firm  bool        `json:"firm,omitempty"` // not, or no longer, ad referendum
	If    []Condition `json:"if,omitempty"`   // agreed only as long as these are
}

// A Condition is another clause, of this text or of another, that has to be agreed.
type Condition struct {
	Text   string `json:"text,omitempty"` // key of the other text; empty for this one
	Clause ID     `json:"clause"`
}

// A Reservation, or reserve, keeps a party from agreeing, without words of its own.
type Reservation struct {
	ID    ID              `json:"id"`
	Party string          `json:"party"`
	Kind  ReservationKind `json:"kind"`            // never AwaitingInstructions
	Until string          `json:"until,omitempty"` // as the party put it
}

// A ReservationKind is what a reserve is called.
type ReservationKind string

const (
	Scrutiny   ReservationKind = "scrutiny"
	General    ReservationKind = "general"
	Linguistic ReservationKind = "linguistic"
	// AwaitingInstructions is what a delegation knows of its own reserve. To
	// everyone else, and in every text, it is a scrutiny reserve like any other.
	AwaitingInstructions ReservationKind = "awaiting-instructions"
)

// Choices lists the kinds of reserves.
func (ReservationKind) Choices() []string {
	return []string{string(Scrutiny), string(General), string(Linguistic), string(AwaitingInstructions)}
}

// Outward returns what the reserve is called outside the delegation.
func (k ReservationKind) Outward() ReservationKind {
	if k == AwaitingInstructions {
		return Scrutiny
	}
	return k
}

// A Note is the pen-holder's annotation. It is not part of the text.
type Note struct {
	ID       ID       `json:"id"`
	By       string   `json:"by"`
	Audience []string `json:"audience,omitempty"` // groups of readers, as in seat; empty is everyone
	Words    string   `json:"words"`
}

// A Footnote belongs to the text. Its words have no brackets.
type Footnote struct {
	ID    ID     `json:"id"`
	Words string `json:"words"`
}
