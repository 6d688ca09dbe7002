// Package phrasebook is what parley says to people: every sentence by key, in
// each language, and in the words of each template of procedure.
//
// Events, refusals and pages hand it a [Phrase], a key with arguments that say
// what they are (a side, a seat, a time, somebody's words); the book renders it
// for one [Reader], who may call the parties by names of their own. The same
// phrase yields plain text for the command line and marked segments for a
// page, so that no surface builds sentences.
//
// The book is embedded and read once. It reads no clock and no file, and
// decides nothing.
package phrasebook

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed en.json
var files embed.FS

// A Phrase is something to be said.
type Phrase struct {
	Key  string
	Args map[string]any
}

// Say makes a phrase of a key and arguments that alternate between name and value.
func Say(key string, args ...any) Phrase {
	p := Phrase{Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = make(map[string]any, len(args)/2)
		}
		p.Args[args[i].(string)] = args[i+1]
	}
	return p
}

// Kinds of arguments. Strings and numbers may be given as they are.
type (
	// A Side is whom somebody speaks for: a party's key, "chair" or "mediation".
	Side string
	// A Seat is the key of a seat; it is said as the name of whoever sits there.
	Seat string
	// Words are what somebody said or wrote. They are never interpreted.
	Words string
	// A Time is an instant with the zone it is told in.
	Time struct {
		At   time.Time // carries the offset
		Zone string    // name of the zone
	}
	// Minutes is a length of time.
	Minutes time.Duration
	// A Term is itself the key of a phrase, such as a role or a record level.
	Term string
	// Terms are several, said as a list.
	Terms []Term
	// Sides are several, said as a list.
	Sides []Side
)

// Names say what a reader calls whom.
type Names interface {
	SideName(side string) string
	SeatName(key string) string
}

// A Reader is for whom a phrase is rendered.
type Reader struct {
	Lang     string // BCP 47; English where it is empty or unknown
	Template string // template of procedure, such as "labour"; empty for diplomatic
	Names    Names  // nil: keys are said as they are
}

// A Segment is a stretch of rendered text. Side and Seat are set where it names one.
type Segment struct {
	Text  string
	Side  string
	Seat  string
	Words bool // somebody's words
}

// Text is a rendered phrase.
type Text []Segment

// String returns the text without its marks.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// A Book holds the phrases of all languages. It may be shared.
type Book struct {
	localizers map[string]*i18n.Localizer
	keys       map[string]bool
	dates      map[string]locales.Translator
	matcher    language.Matcher
	langs      []string
}

// Open reads the embedded phrases. An error is a fault in the program.
func Open() (*Book, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	if _, err := bundle.LoadMessageFileFS(files, "en.json"); err != nil {
		return nil, fmt.Errorf("phrases: %w", err)
	}
	raw, err := files.ReadFile("en.json")
	if err != nil {
		return nil, err
	}
	keys := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &keys); err != nil {
		return nil, fmt.Errorf("phrases: %w", err)
	}
	b := &Book{
		localizers: map[string]*i18n.Localizer{"en": i18n.NewLocalizer(bundle, "en")},
		keys:       map[string]bool{},
		dates:      map[string]locales.Translator{"en": en_GB.New()},
		matcher:    language.NewMatcher([]language.Tag{language.English}),
		langs:      []string{"en"},
	}
	for k := range keys {
		b.keys[k] = true
	}
	return b, nil
}

// MustOpen is Open for programs that cannot go on without.
func MustOpen() *Book {
	b, err := Open()
	if err != nil {
		panic(err)
	}
	return b
}

// Has reports whether the book has a phrase of that key.
func (b *Book) Has(key string) bool { return b.keys[key] }

// Keys returns every key, in order.
func (b *Book) Keys() []string { return slices.Sorted(maps.Keys(b.keys)) }

// lang returns the language of the book that serves a reader best. The index
// of the match is used, for the matched tag may carry extensions.
func (b *Book) lang(want string) string {
	if want == "" || want == "en" {
		return "en"
	}
	tag, err := language.Parse(want)
	if err != nil {
		return "en"
	}
	_, i, _ := b.matcher.Match(tag)
	return b.langs[i]
}

// Render says a phrase to a reader. A key that the book does not have is said
// as itself between braces, so that a page is never lost for a word; the house
// tests see to it that this does not happen.
func (b *Book) Render(r Reader, p Phrase) Text { return capital(b.render(r, p)) }

func (b *Book) term(r Reader, t Term) string { return b.render(r, Phrase{Key: string(t)}).String() }

func (b *Book) render(r Reader, p Phrase) Text {
	lang := b.lang(r.Lang)
	key := p.Key
	if k := r.Template + "." + p.Key; r.Template != "" && b.keys[k] {
		key = k
	}
	if !b.keys[key] {
		return Text{{Text: "{" + p.Key + "}"}}
	}
	data := make(map[string]any, len(p.Args))
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	for name, v := range p.Args {
		if n, ok := v.(int); ok && name == "Count" {
			config.PluralCount = n
		}
		data[name] = b.argument(r, lang, v)
	}
	s, err := b.localizers[lang].Localize(config)
	if err != nil {
		return Text{{Text: "{" + p.Key + "}"}}
	}
	return cut(s)
}

// capital makes the first letter of a sentence a capital one, unless it is a
// name's or belongs to what somebody said: "the chair" begins a sentence too.
func capital(t Text) Text {
	if len(t) == 0 || t[0].Words || t[0].Seat != "" {
		return t
	}
	if r, n := utf8.DecodeRuneInString(t[0].Text); t[0].Side == "" || strings.HasPrefix(t[0].Text, "the ") || strings.HasPrefix(t[0].Text, "an ") || strings.HasPrefix(t[0].Text, "a ") {
		t[0].Text = string(unicode.ToUpper(r)) + t[0].Text[n:]
	}
	return t
}

// Line renders a phrase as plain text.
func (b *Book) Line(r Reader, key string, args ...any) string {
	return b.Render(r, Say(key, args...)).String()
}

// The delimiters of marked stretches are private-use characters: opening, the
// key that is marked, a divider, the text, closing. They are taken out of
// everything that people write.
const (
	open    = '\uE000'
	divider = '\uE001'
	closing = '\uE002'
)

func mark(kind byte, key, text string) string {
	return string(open) + string(kind) + clean(key) + string(divider) + clean(text) + string(closing)
}

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= open && r <= closing {
			return -1
		}
		return r
	}, s)
}

func (b *Book) argument(r Reader, lang string, v any) any {
	switch v := v.(type) {
	case Side:
		return b.side(r, v)
	case Sides:
		said := make([]string, len(v))
		for i, s := range v {
			said[i] = b.side(r, s)
		}
		return strings.Join(said, ", ")
	case Seat:
		name := string(v)
		if r.Names != nil {
			name = r.Names.SeatName(string(v))
		}
		return mark('p', string(v), name)
	case Words:
		if v == "" {
			return "[…]" // destroyed: a sentence mentions words only where there were some
		}
		return mark('w', "", string(v))
	case Term:
		return b.term(r, v)
	case Terms:
		said := make([]string, len(v))
		for i, t := range v {
			said[i] = b.term(r, t)
		}
		return strings.Join(said, ", ")
	case Time:
		return b.time(lang, v)
	case Minutes:
		return Length(time.Duration(v))
	case string:
		return clean(v)
	}
	return v
}

func (b *Book) side(r Reader, s Side) string {
	name := string(s)
	if b.keys["side."+name] { // chair, mediation, secretariat: words of the procedure
		name = b.term(r, Term("side."+name))
	} else if r.Names != nil {
		name = r.Names.SideName(string(s))
	}
	return mark('s', string(s), name)
}

func (b *Book) time(lang string, t Time) string {
	zone := t.Zone
	if zone == "" {
		zone = t.At.Format("-07:00")
	}
	return b.dates[lang].FmtDateLong(t.At) + ", " + t.At.Format("15:04") + " (" + zone + ")"
}

// Date says the day of a time in the reader's language.
func (b *Book) Date(r Reader, at time.Time) string {
	return b.dates[b.lang(r.Lang)].FmtDateLong(at)
}

// Length says a length of time in hours and whole minutes: "1 h 45 min".
func Length(d time.Duration) string {
	m := int(d.Round(time.Minute) / time.Minute)
	if m < 60 {
		return strconv.Itoa(m) + " min"
	}
	if m%60 == 0 {
		return strconv.Itoa(m/60) + " h"
	}
	return strconv.Itoa(m/60) + " h " + strconv.Itoa(m%60) + " min"
}

// cut turns a rendered string with marks into segments.
func cut(s string) Text {
	var t Text
	for s != "" {
		i := strings.IndexRune(s, open)
		if i < 0 {
			return append(t, Segment{Text: s})
		}
		if i > 0 {
			t = append(t, Segment{Text: s[:i]})
		}
		marked, rest, _ := strings.Cut(s[i+len(string(open)):], string(closing))
		key, text, _ := strings.Cut(marked, string(divider))
		seg := Segment{Text: text}
		switch key[0] {
		case 's':
			seg.Side = key[1:]
		case 'p':
			seg.Seat = key[1:]
		case 'w':
			seg.Words = true
		}
		t, s = append(t, seg), rest
	}
	return t
}
