package web

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"parley/internal/phrasebook"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A voice is how pages speak to a reader: in which language and words of
// procedure, what they call whom, and with what mark a side is printed. All who
// call everybody the same share one, and with it every piece rendered in it. It
// is a copy and holds nothing of the talks.
type voice struct {
	book   *phrasebook.Book
	reader phrasebook.Reader
	sides  []string // mediation first, then the parties in the order of rule 4
	marks  map[string]mark
	chair  string // what a statement from the chair stands under
	print  string // differs wherever a piece rendered in it would
}

// A mark is what stands before a side's name: letters and a hatch, which
// survive black-and-white printing.
type mark struct {
	Letters string
	Hatch   string // class of the sheet, and id of the pattern
}

// hatches are handed out by the talks, the same everywhere; letters tell apart
// parties beyond the sixth.
var hatches = [...]string{"h0", "h1", "h2", "h3", "h4", "h5"}

const mediationHatch = "hm"

// names is the copy of what a reader calls whom.
type names struct{ sides, seats map[string]string }

func (n names) SideName(side string) string { return or(n.sides[side], side) }
func (n names) SeatName(key string) string  { return or(n.seats[key], key) }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// plain is the voice of pages that belong to no talks, and of those that tell
// outsiders of talks.
func (h *house) plain() *voice {
	return &voice{book: h.Book, reader: phrasebook.Reader{}, print: "plain"}
}

// voiceOf is the voice in which the talks speak to a seat.
func (h *house) voiceOf(s secretariat.Sight) *voice {
	if s.Talks == nil || !s.Talks.Open() {
		return h.plain()
	}
	t := s.Talks
	said := t.Names(s.Seat)
	n := names{map[string]string{seat.Mediation: said.SideName(seat.Mediation)}, map[string]string{}}
	v := &voice{book: h.Book, sides: []string{seat.Mediation}, marks: map[string]mark{seat.Mediation: {Hatch: mediationHatch}}}
	for _, p := range t.Parties {
		key := string(p.Key)
		n.sides[key] = said.SideName(key)
		v.sides = append(v.sides, key)
		v.marks[key] = mark{Hatch: hatches[p.Mark%len(hatches)]}
	}
	for _, s := range t.Seats {
		n.seats[string(s.Key)] = s.Name
	}
	for _, r := range s.Rooms {
		for _, s := range r.Capital {
			n.seats[string(s.Key)] = s.Name
		}
	}
	v.reader = phrasebook.Reader{Template: template(t), Names: n}
	v.letter(n)
	v.chair = v.say("page.side-chair", "Name", phrasebook.Words(n.sides[seat.Mediation]))
	v.print = v.fingerprint(n, t)
	return v
}

func template(t *talks.Talks) string {
	if t.Template == "diplomatic" {
		return ""
	}
	return t.Template
}

// letter gives every side the fewest letters of its name that no other has.
func (v *voice) letter(n names) {
	for _, side := range v.sides {
		length := 1
		for length < 4 && v.collides(n, side, length) {
			length++
		}
		m := v.marks[side]
		m.Letters = initial(n.sides[side], length)
		v.marks[side] = m
	}
}

func (v *voice) collides(n names, side string, length int) bool {
	for _, other := range v.sides {
		if other != side && initial(n.sides[other], length) == initial(n.sides[side], length) {
			return true
		}
	}
	return false
}

// initial returns the first letters of a name, the first of them a capital.
func initial(name string, length int) string {
	var b strings.Builder
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if b.Len() == 0 {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		if length--; length == 0 {
			break
		}
	}
	return or(b.String(), "·")
}

// fingerprint sums up everything that shows in a piece besides its entry.
func (v *voice) fingerprint(n names, t *talks.Talks) string {
	h := fnv.New128a()
	write := func(parts ...string) {
		for _, p := range parts {
			fmt.Fprintf(h, "%d:%s", len(p), p)
		}
	}
	write(v.reader.Lang, v.reader.Template, t.Zone)
	for _, side := range v.sides {
		write(side, n.sides[side], v.marks[side].Letters, v.marks[side].Hatch)
	}
	for _, s := range t.Seats {
		write(string(s.Key), s.Name, string(s.Role))
	}
	return string(h.Sum(nil))
}

// said keeps the phrases without arguments that pages ask for again and again.
var said sync.Map // of template and key to string

// goesOn stands before phrases that go on a sentence, so that the book does not
// give them a capital.
const goesOn = "…"

// say is a phrase as plain text.
func (v *voice) say(key string, args ...any) string {
	if len(args) > 0 {
		return strings.TrimPrefix(v.book.Line(v.reader, key, args...), goesOn)
	}
	id := v.reader.Lang + "\x00" + v.reader.Template + "\x00" + key
	if s, ok := said.Load(id); ok {
		return s.(string)
	}
	s := strings.TrimPrefix(v.book.Line(v.reader, key), goesOn)
	said.Store(id, s)
	return s
}

// text is a phrase with its marks.
func (v *voice) text(p phrasebook.Phrase) phrasebook.Text {
	t := v.book.Render(v.reader, p)
	if len(t) > 0 && !t[0].Words {
		t[0].Text = strings.TrimPrefix(t[0].Text, goesOn)
	}
	return t
}

// segments is a phrase with its marks, by key and arguments.
func (v *voice) segments(key string, args ...any) phrasebook.Text {
	return v.text(phrasebook.Say(key, args...))
}

// title is a side as it stands at the head of what it says.
func (v *voice) title(side string) string {
	switch {
	case side == seat.ChairGroup:
		return v.chair
	case v.marks[side].Hatch != "":
		return v.reader.Names.SideName(side)
	}
	return v.segments("side." + side).String()
}

// of is the mark of a side; ok is false if it has none. The chair has that of
// the mediation.
func (v *voice) of(side string) (mark, bool) {
	if side == seat.ChairGroup {
		side = seat.Mediation
	}
	m, ok := v.marks[side]
	return m, ok
}

// clock tells a time of day; a day other than today goes before it.
func (v *voice) clock(at, now time.Time) (day, hour string) {
	hour = at.Format("15:04")
	y, m, d := at.Date()
	ny, nm, nd := now.Date()
	if y == ny && m == nm && d == nd {
		return "", hour
	}
	month := v.say("page.month-" + strconv.Itoa(int(m)))
	if y != ny {
		return v.say("page.day-year", "Day", d, "Month", month, "Year", strconv.Itoa(y)), hour
	}
	return v.say("page.day", "Day", d, "Month", month), hour
}

// oclock is the same on one line.
func (v *voice) oclock(at, now time.Time) string {
	day, hour := v.clock(at, now)
	if day == "" {
		return hour
	}
	return day + ", " + hour
}

// hm writes a length of time as a clock does: 1:12.
func hm(d time.Duration) string {
	m := int(d / time.Minute)
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

// zoned names a zone with its offset at a time: Europe/Istanbul (UTC+03:00).
func zoned(at time.Time, zone string) string { return zone + " (UTC" + at.Format("-07:00") + ")" }
