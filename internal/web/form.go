package web

import (
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"parley/internal/catalogue"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A form asks for the fields of one act. It derives from the catalogue, so that
// an act that is new there has a form here.
type form struct {
	Act      string
	Action   string
	Heading  string
	Button   string
	Note     string
	Fields   []field
	More     []field // what few need, behind a name
	Late     []field // for what is entered after the fact
	Audience audience
	Request  string // makes pressing twice have one effect
	Files    bool   // takes a file
	List     bool   // takes a list as a file, too
}

// A field is one thing to fill in.
type field struct {
	Name     string
	ID       string
	Label    string
	Hint     string
	Kind     catalogue.Kind
	Long     bool
	Hidden   bool
	Required bool
	Value    string
	Options  []option // to choose from
}

type option struct {
	Value, Label string
	Chosen       bool
}

// late are the fields of [talks.AfterTheFact].
var late = map[string]bool{"when": true, "approximate": true, "source": true}

// more are fields that few need.
var more = map[string]bool{"language": true, "delivered-by": true, "lasted": true, "track": true, "rank": true, "keep": true, "unattributed": true}

// desired is what a page asks of a form beyond its act.
type desired struct {
	fixed map[string]string // fields that are settled, and not asked for
	typed url.Values        // what was typed before, after a refusal
	leave []string          // fields not to ask for
	room  []string          // groups of readers of the room it is said in; nil at the table
}

// form makes the form of an act for a seat.
func (h *house) form(v *voice, s secretariat.Sight, act string, want desired) (form, bool) {
	spec, ok := secretariat.Acts.Spec(act)
	if !ok || !s.Seat.Permits(act) {
		return form{}, false
	}
	f := form{Act: act, Action: "/talks/" + s.ID + "/acts/" + act, Heading: v.say("act." + act),
		Request: h.request(), Files: takesFile(spec), List: act == "accredit-list"}
	f.Button = f.Heading
	if key := "page.head-" + act; v.book.Has(key) {
		f.Heading = v.say(key)
	}
	if key := "page.do-" + act; v.book.Has(key) {
		f.Button = v.say(key)
	}
	if key := "page.note-" + act; v.book.Has(key) {
		f.Note = v.say(key, "Zone", zoned(s.Now.Time, s.Now.Zone))
	}
	if act == "convene" {
		f.Audience = audience{v.say("page.seen-convened"), v.say("page.under-convener")}
	} else {
		f.Audience = v.audienceOf(act, want.room, s)
	}
	for _, c := range spec.Fields {
		x, asked := h.field(v, s, act, c, want)
		switch {
		case !asked:
		case more[c.Name]:
			f.More = append(f.More, x)
		case late[c.Name] && c.Optional && hasLate(spec):
			f.Late = append(f.Late, x)
		default:
			f.Fields = append(f.Fields, x)
		}
	}
	return f, true
}

// field makes one field; asked is false if it is not for people to fill in.
func (h *house) field(v *voice, s secretariat.Sight, act string, c catalogue.Field, want desired) (x field, asked bool) {
	x = field{Name: c.Name, ID: act + "-" + c.Name, Kind: c.Kind, Long: c.Long, Required: !c.Optional && c.Kind != catalogue.Choices,
		Label: v.say(labelKey(v, act, c.Name)), Value: want.typed.Get(c.Name)}
	for _, key := range []string{"page.hint-" + act + "-" + c.Name, "page.hint-" + c.Name} {
		if x.Hint == "" && v.book.Has(key) {
			x.Hint = v.say(key)
		}
	}
	if fixed, ok := want.fixed[c.Name]; ok {
		x.Value, x.Hidden = fixed, true
		return x, true
	}
	if slices.Contains(want.leave, c.Name) || c.Kind == catalogue.Person || c.Kind == catalogue.Other {
		return x, false // access gives a newcomer their id
	}
	if c.Kind == catalogue.Instant {
		x.Label += " · " + zoned(s.Now.Time, s.Now.Zone)
	}
	if c.Kind == catalogue.Choice || c.Kind == catalogue.Choices {
		x.Options = choices(v, s, act, c, want.typed)
	} else if list, ok := optionsOf(v, s, act, c, want.typed[c.Name]); ok {
		x.Options = list
		if c.Name == "parties" {
			x.Kind = catalogue.Choices
		}
	}
	return x, true
}

// labelKey prefers the label that an act has for a field of its own.
func labelKey(v *voice, act, name string) string {
	if own := "page.label-" + act + "-" + name; v.book.Has(own) {
		return own
	}
	return "field." + name
}

// cutShort cuts text after so many letters.
func cutShort(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

// request is a new request id, 128 bits of chance.
func (h *house) request() string {
	var b [16]byte
	if _, err := io.ReadFull(h.Rand, b[:]); err != nil {
		h.Fault(err)
		return "" // then pressing twice is entered twice, which the rules mostly refuse
	}
	return hex.EncodeToString(b[:])
}

// inSession reports whether a meeting is open and not suspended.
func inSession(t *talks.Talks) bool {
	m := t.Meeting()
	return m != nil && !m.Suspended()
}

// hasLate reports whether an act embeds [talks.AfterTheFact].
func hasLate(spec *catalogue.Spec) bool {
	n := 0
	for _, f := range spec.Fields {
		if late[f.Name] {
			n++
		}
	}
	return n == len(late)
}

// takesFile reports whether a form has a file beside or among its fields.
func takesFile(spec *catalogue.Spec) bool {
	return spec.Name == "accredit-list" || slices.ContainsFunc(spec.Fields, func(f catalogue.Field) bool { return f.Kind == catalogue.File })
}

// described points a field at its hint.
func described(x field) templ.Attributes {
	if x.Hint == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": x.ID + "-hint"}
}

// filled reports whether anything stands in the fields.
func filled(list []field) bool {
	for _, x := range list {
		if x.Value != "" {
			return true
		}
	}
	return false
}
