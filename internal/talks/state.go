package talks

import (
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"parley/internal/floor"
	"parley/internal/phrasebook"
	"parley/internal/seat"
)

// Talks is the state that the joint record leads to. The zero value is talks
// not yet convened. Its fields are for reading; only Apply changes them.
type Talks struct {
	Title     string
	Zone      string // IANA name, in which the talks tell time
	Template  string // of procedure: "" for diplomatic, or labour, commercial, community
	Mediation string // what the mediating side is called
	Convened  Moment
	Closed    *Moment

	Parties []Party     // in the order of rule 4
	Seats   []seat.Seat // in the order of accreditation; the chair is not marked
	ChairBy seat.Key    // the seat that holds the chair; empty if none
	Venue   Venue

	Rounds   []Round
	Meetings []Meeting

	Announced bool
	Lines     []HoldingLine

	LastAnchors time.Time

	Expected     []Expected
	Earlier      []EarlierMatter
	Outside      []OutsideMatter
	SideMeetings []SideMeeting
	Requests     []Request
	Tracks       []TrackOpened
	Modalities   map[Heading]Modality
	Disclosures  []Disclosure
	Papers       []Paper

	Destructions []Destruction
	Texts        Texts

	statements map[int64]statement
	counted    int   // seats ever made, so that a key is never used twice
	entries    int64 // of the joint record so far
}

// A Party is a side that can consent.
type Party struct {
	Key   seat.Party
	Name  string                // as it calls itself
	Names map[seat.Party]string // as other parties call it, where they differ
	Mark  int                   // which hatch it is printed with: 0, 1, …
}

// Venue is where and in what form the talks are held.
type Venue struct {
	Place, Format, Seating string
}

// A Round is a series of meetings.
type Round struct {
	Number int
	Title  string
	Opened Moment
	Closed *Moment
}

// A Meeting is one sitting.
type Meeting struct {
	Number int
	Round  int // 0 if outside any round
	Title  string
	Track  string  // empty if none is named
	Rank   Echelon // the level at which it is held; empty if not said
	Opened Moment
	Closed *Moment
	Breaks []Break
	Absent []seat.Party // at the opening
	Reason string       // why it was opened without them
	Part   Part
	Keep   Keeping // the most that is kept in this part
	// Unattributed: the Chatham House Rule holds in this part.
	Unattributed bool
	Differs      []Difference
	Present      []seat.Key

	Floor  floor.List
	Spoken map[string]time.Duration // by side

	before question
}

// A Break is a suspension; To is nil while it lasts.
type Break struct {
	From   Moment
	To     *Moment
	Reason string
}

// A Difference is a party's own time for an event of the meeting; both stand.
type Difference struct {
	Party seat.Party
	Of    Turning
	At    Moment
}

// A HoldingLine is what a side says to the press while there is nothing to say.
type HoldingLine struct {
	Number int64 // of its entry
	Side   string
	Text   string
	Until  Moment
	Over   bool
}

// statement is what later acts need of a statement.
type statement struct {
	side string
	seat seat.Key
	text string
}

// Open reports whether the talks have been convened.
func (t *Talks) Open() bool { return t.Title != "" || !t.Convened.Time.IsZero() }

// Meeting returns the meeting that is open, or nil.
func (t *Talks) Meeting() *Meeting {
	if n := len(t.Meetings); n > 0 && t.Meetings[n-1].Closed == nil {
		return &t.Meetings[n-1]
	}
	return nil
}

// Round returns the round that is open, or nil.
func (t *Talks) Round() *Round {
	if n := len(t.Rounds); n > 0 && t.Rounds[n-1].Closed == nil {
		return &t.Rounds[n-1]
	}
	return nil
}

// SeatOf returns the seat of a person.
func (t *Talks) SeatOf(p seat.Person) (seat.Seat, bool) {
	for _, s := range t.Seats {
		if s.Person == p {
			s.Chair = s.Key == t.ChairBy
			return s, true
		}
	}
	return seat.Seat{}, false
}

// Seat returns the seat of that key.
func (t *Talks) Seat(k seat.Key) (seat.Seat, bool) {
	for _, s := range t.Seats {
		if s.Key == k {
			s.Chair = s.Key == t.ChairBy
			return s, true
		}
	}
	return seat.Seat{}, false
}

// Party returns the party of that key, or nil.
func (t *Talks) Party(k seat.Party) *Party {
	for i := range t.Parties {
		if t.Parties[i].Key == k {
			return &t.Parties[i]
		}
	}
	return nil
}

// Head returns the head of a party's delegation.
func (t *Talks) Head(k seat.Party) (seat.Seat, bool) {
	for _, s := range t.Seats {
		if s.Party == k && s.Role == seat.Head {
			return s, true
		}
	}
	return seat.Seat{}, false
}

// Suspended reports whether the meeting is in a break.
func (m *Meeting) Suspended() bool {
	n := len(m.Breaks)
	return n > 0 && m.Breaks[n-1].To == nil
}

// Clock returns how long the meeting has lasted at an instant, with its breaks
// (gross) and without (net).
func (m *Meeting) Clock(now time.Time) (gross, net time.Duration) {
	if m.Closed != nil {
		now = m.Closed.Time
	}
	gross = max(0, now.Sub(m.Opened.Time))
	net = gross
	for _, b := range m.Breaks {
		end := now
		if b.To != nil {
			end = b.To.Time
		}
		net -= max(0, end.Sub(b.From.Time))
	}
	return gross, max(0, net)
}

// latest returns the last instant that the meeting's own events fix, before
// which nothing that follows can have happened.
func (m *Meeting) latest() time.Time {
	last := m.Opened.Time
	for _, b := range m.Breaks {
		last = b.From.Time
		if b.To != nil {
			last = b.To.Time
		}
	}
	return last
}

// newSeat fills a seat with the next key.
func (t *Talks) newSeat(s seat.Seat) {
	t.counted++
	t.Seats = append(t.Seats, s)
}

// nextKey is the key the next seat will have. n counts seats made by the same act.
func (t *Talks) nextKey(n int) seat.Key {
	return seat.Key("s" + itoa(t.counted+1+n))
}

// order sorts the parties by rule 4: alphabetically by the name each uses for
// itself, by English collation.
func (t *Talks) order() {
	c := collate.New(language.English)
	slices.SortStableFunc(t.Parties, func(a, b Party) int { return c.CompareString(a.Name, b.Name) })
}

// Names returns what a reader calls whom: parties by the name that the
// reader's side uses, seats by the name of the person.
func (t *Talks) Names(reader seat.Seat) phrasebook.Names { return names{t, reader.Party} }

type names struct {
	t  *Talks
	of seat.Party
}

func (n names) SideName(side string) string {
	if side == seat.Mediation && n.t.Mediation != "" {
		return n.t.Mediation
	}
	p := n.t.Party(seat.Party(side))
	if p == nil {
		return side
	}
	if other, ok := p.Names[n.of]; ok {
		return other
	}
	if p.Name == "" { // destroyed
		return string(p.Key)
	}
	return p.Name
}

func (n names) SeatName(key string) string {
	if s, ok := n.t.Seat(seat.Key(key)); ok && s.Name != "" {
		return s.Name
	}
	return key
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
