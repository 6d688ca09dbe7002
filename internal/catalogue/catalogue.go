// Package catalogue is the form of acts and events: how they are named, how
// their fields are read from JSON, from forms and from a line of words, and how
// an event is laid down in its two parts, structure and words.
//
// The lists of what exists stand in talks and room; this package gives them
// their one shape, from which the API, the command line, forms, plays and the
// manual derive. Reflection here reads names and fields; it decides nothing.
package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/internal/ruling"
)

// A List is a catalogue of acts or of events, by name and in order.
type List struct {
	specs []*Spec
	by    map[string]*Spec
	types map[reflect.Type]*Spec
}

// A Spec is one line of a catalogue.
type Spec struct {
	Name   string // kebab-case, of the Go type: AskForFloor is ask-for-floor
	Rule   int    // of acts: the rule that says who is entitled to it
	Fields []Field
	typ    reflect.Type
	layout layout
}

// A Field is something to fill in.
type Field struct {
	Name     string // as in JSON and forms, kebab-case
	Kind     Kind
	Words    bool     // what people say, rather than what the talks need
	Long     bool     // wants more than a line
	Optional bool     // may be left out
	Choices  []string // what it may be, if not anything
	index    []int
}

// A Kind is the form of a field's value.
type Kind string

const (
	Text     Kind = "text"
	Number   Kind = "number"
	YesNo    Kind = "yes-no"
	Instant  Kind = "instant"  // RFC 3339, with offset
	Minutes  Kind = "minutes"  // whole minutes
	Choice   Kind = "choice"   // one of Choices
	Choices  Kind = "choices"  // any of Choices
	SeatKey  Kind = "seat"     // key of a seat
	PartyKey Kind = "party"    // key of a party
	Person   Kind = "person"   // id of a person, from access
	File     Kind = "file"     // the bytes of a file, in base64
	Other    Kind = "document" // only in events
)

// Chooser is implemented by field types that are one of a few words.
type Chooser interface{ Choices() []string }

// Of makes a catalogue of values of the listed types.
func Of[T any](list ...T) *List {
	l := &List{by: map[string]*Spec{}, types: map[reflect.Type]*Spec{}}
	for _, v := range list {
		typ := reflect.TypeOf(v)
		s := &Spec{Name: Name(v), typ: typ, Fields: fieldsOf(typ, nil), layout: layoutOf(typ)}
		l.specs = append(l.specs, s)
		l.by[s.Name] = s
		l.types[typ] = s
	}
	return l
}

// A Line is an act and the rule that says who is entitled to it.
type Line[T any] struct {
	Rule  int
	Value T
}

// Ruled makes a catalogue of acts with their rules.
func Ruled[T any](lines ...Line[T]) *List {
	values := make([]T, len(lines))
	for i, line := range lines {
		values[i] = line.Value
	}
	l := Of(values...)
	for i, line := range lines {
		l.specs[i].Rule = line.Rule
	}
	return l
}

// Join makes one catalogue of several.
func Join(lists ...*List) *List {
	j := &List{by: map[string]*Spec{}, types: map[reflect.Type]*Spec{}}
	for _, l := range lists {
		for _, s := range l.specs {
			j.specs = append(j.specs, s)
			j.by[s.Name] = s
			j.types[s.typ] = s
		}
	}
	return j
}

// Specs returns the lines of the catalogue in the order of the list.
func (l *List) Specs() []*Spec { return l.specs }

// Spec returns the line of that name.
func (l *List) Spec(name string) (*Spec, bool) { s, ok := l.by[name]; return s, ok }

// Name returns the public name of an act or event: that of its Go type, in
// kebab-case, unless it says its own (see Named).
func Name(v any) string {
	if n, ok := v.(Named); ok {
		return n.ActName()
	}
	return kebab(reflect.TypeOf(v).Name())
}

// Named is implemented by acts whose Go type cannot be their name, because it
// wraps an act of another package.
type Named interface{ ActName() string }

func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// fieldsOf lists the fields of a struct, those of embedded structs among them.
func fieldsOf(typ reflect.Type, at []int) (fields []Field) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		index := append(append([]int(nil), at...), i)
		if f.Anonymous || flat(f) {
			fields = append(fields, fieldsOf(f.Type, index)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = kebab(f.Name)
		}
		form := f.Tag.Get("form")
		kind, choices := kindOf(f.Type)
		if strings.Contains(form, "file") {
			kind = File
		}
		fields = append(fields, Field{
			Name: name, Kind: kind, Choices: choices, index: index,
			Words:    f.Tag.Get("words") != "",
			Long:     strings.Contains(form, "long"),
			Optional: strings.Contains(form, "optional") || kind == YesNo,
		})
	}
	return fields
}

// flat reports whether a field's own fields stand beside it in JSON and forms,
// as if it were embedded: what a type parameter cannot be.
func flat(f reflect.StructField) bool { return f.Tag.Get("flat") != "" }

func kindOf(t reflect.Type) (Kind, []string) {
	v := reflect.Zero(t).Interface()
	if c, ok := v.(Chooser); ok {
		return Choice, c.Choices()
	}
	switch t.Kind() {
	case reflect.String:
		switch t.Name() {
		case "Party":
			return PartyKey, nil
		case "Key":
			return SeatKey, nil
		case "Person":
			return Person, nil
		}
		return Text, nil
	case reflect.Bool:
		return YesNo, nil
	case reflect.Int, reflect.Int64:
		if t.Name() == "Minutes" {
			return Minutes, nil
		}
		return Number, nil
	case reflect.Slice:
		if c, ok := reflect.Zero(t.Elem()).Interface().(Chooser); ok {
			return Choices, c.Choices()
		}
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return Instant, nil
		}
	}
	return Other, nil
}

// Bounds on what is read. An act with more in it is not an act.
const (
	maxAct  = 2 << 20   // bytes of an act in JSON: a paper of 1 MB and the words around it
	maxText = 64 << 10  // bytes of one text
	maxLong = 512 << 10 // bytes of a text that may be a document
)

// MaxBytes is how many bytes a field that is a text may have; 0 for others.
func (f Field) MaxBytes() int {
	switch f.Kind {
	case Text, SeatKey, PartyKey, Person:
		if f.Long {
			return maxLong
		}
		return maxText
	}
	return 0
}

// Parse reads an act by its name and its fields in a JSON object. What is
// wrong is refused by rule 51 with the name of the act and the field.
func (l *List) Parse(name string, fields []byte) (any, error) {
	spec, ok := l.by[name]
	if !ok {
		return nil, ruling.No(ruling.Absent, 0, "no-such-act", "Act", name)
	}
	if len(fields) > maxAct {
		return nil, ruling.No(ruling.Invalid, 51, "act-too-large", "Act", name, "Limit", maxAct>>10)
	}
	if len(bytes.TrimSpace(fields)) == 0 {
		fields = []byte("{}")
	}
	v := reflect.New(spec.typ)
	if err := spread(fields, v.Elem()); err != nil {
		return nil, spec.refuseJSON(err)
	}
	if err := spec.check(v.Elem()); err != nil {
		return nil, err
	}
	return v.Elem().Interface(), nil
}

// Instants are of these years in UTC, so that every zone can tell them and the
// record can keep them in four digits.
const firstYear, lastYear = 1, 9998

// check holds texts to their length, choices to their words and instants to
// years that can be kept.
func (s *Spec) check(v reflect.Value) error {
	for _, f := range s.Fields {
		value := v.FieldByIndex(f.index)
		switch f.Kind {
		case Text, SeatKey, PartyKey, Person:
			text := value.String()
			if limit := f.MaxBytes(); len(text) > limit {
				return ruling.No(ruling.Invalid, 51, "text-too-long", "Act", s.Name, "Field", f.Name, "Limit", limit>>10)
			}
			if strings.IndexFunc(text, forbidden) >= 0 {
				return ruling.No(ruling.Invalid, 51, "text-forbidden", "Act", s.Name, "Field", f.Name)
			}
		case Instant:
			t := value.Interface().(time.Time)
			if year := t.UTC().Year(); year < firstYear || year > lastYear {
				return ruling.No(ruling.Invalid, 51, "not-a-time", "Act", s.Name, "Field", f.Name, "Given", t.Format("2006-01-02"))
			}
		case Choice:
			if err := s.choose(f, value.String()); err != nil {
				return err
			}
		case Choices:
			for i := range value.Len() {
				if err := s.choose(f, value.Index(i).String()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// forbidden reports control characters, and characters that change the order
// or hide what is read: bidirectional controls, zero-width characters, private use.
func forbidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case r == unicode.ReplacementChar, unicode.Is(unicode.Cc, r), unicode.Is(unicode.Co, r):
		return true
	case r >= '\u200B' && r <= '\u200F', r >= '\u202A' && r <= '\u202E', r >= '\u2060' && r <= '\u2069', r == '\uFEFF':
		return r != '\u200C' && r != '\u200D' // joiners are part of Arabic and Indic writing
	}
	return false
}

func (s *Spec) choose(f Field, word string) error {
	if word == "" { // left out: whether it may be, the act says
		return nil
	}
	for _, c := range f.Choices {
		if c == word {
			return nil
		}
	}
	return ruling.No(ruling.Invalid, 51, "not-a-choice", "Act", s.Name, "Field", f.Name, "Given", word, "Choices", strings.Join(f.Choices, ", "))
}

// strict decodes one JSON value, with no unknown fields and nothing after it.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("there is something after the end of the fields")
	}
	return nil
}

// spread decodes the fields of an act. Those of a flat field are decoded into it.
func spread(data []byte, v reflect.Value) error {
	for i := range v.NumField() {
		if flat(v.Type().Field(i)) {
			return spreadFlat(data, v, i)
		}
	}
	return strict(data, v.Addr().Interface())
}

func spreadFlat(data []byte, v reflect.Value, at int) error {
	all := map[string]json.RawMessage{}
	if err := strict(data, &all); err != nil {
		return err
	}
	inner := map[string]json.RawMessage{}
	for _, f := range fieldsOf(v.Field(at).Type(), nil) {
		if value, ok := all[f.Name]; ok {
			inner[f.Name] = value
			delete(all, f.Name)
		}
	}
	for key := range all {
		if strings.EqualFold(key, v.Type().Field(at).Name) {
			return fmt.Errorf("json: unknown field %q", key)
		}
	}
	for _, part := range []struct {
		fields map[string]json.RawMessage
		into   any
	}{{all, v.Addr().Interface()}, {inner, v.Field(at).Addr().Interface()}} {
		data, err := json.Marshal(part.fields)
		if err != nil {
			return err
		}
		if err := strict(data, part.into); err != nil {
			return err
		}
	}
	return nil
}

// refuseJSON says what is wrong with the fields of an act, in words that are
// not those of the program.
func (s *Spec) refuseJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if ok := asType(err, &wrong); ok {
		// Package json names the Go field where there is no tag.
		name := strings.ToLower(wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:])
		f, ok := s.field(name)
		number, isNumber := strings.CutPrefix(wrong.Value, "number ")
		switch {
		case ok && isNumber && f.Kind.InJSON() == "number": // half a minute
			return ruling.No(ruling.Invalid, 51, "not-a-number", "Act", s.Name, "Field", name, "Given", number)
		case ok:
			return ruling.No(ruling.Invalid, 51, "wrong-type", "Act", s.Name, "Field", name, "Given", plainly(wrong.Value), "Wanted", f.Kind.InJSON())
		}
		return ruling.No(ruling.Invalid, 51, "unreadable", "Act", s.Name, "Why", "they are a "+plainly(wrong.Value))
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return ruling.No(ruling.Invalid, 51, "no-such-field", "Act", s.Name, "Field", strings.Trim(field, `"`))
	}
	return ruling.No(ruling.Invalid, 51, "unreadable", "Act", s.Name, "Why", strings.TrimPrefix(err.Error(), "json: "))
}

// InJSON is what a value of the kind is in JSON, in plain words.
func (k Kind) InJSON() string {
	switch k {
	case Number, Minutes:
		return "number"
	case YesNo:
		return "true or false"
	case Choices:
		return "list"
	}
	return "text"
}

// plainly says what package json found where it wanted something else.
func plainly(found string) string {
	switch word, _, _ := strings.Cut(found, " "); word {
	case "string":
		return "text"
	case "bool":
		return "true or false"
	case "array":
		return "list"
	case "object":
		return "JSON object"
	default:
		return word
	}
}

func asType(err error, target **json.UnmarshalTypeError) bool {
	e, ok := err.(*json.UnmarshalTypeError)
	if ok {
		*target = e
	}
	return ok
}

// FromWords reads an act from texts by name of field, as a form, a command
// line or a play gives them. Fields given as empty text count as left out.
func (l *List) FromWords(name string, fields map[string][]string) (any, error) {
	data, err := l.Object(name, fields)
	if err != nil {
		return nil, err
	}
	return l.Parse(name, data)
}

// Object writes what FromWords reads as the JSON object that Parse reads.
func (l *List) Object(name string, fields map[string][]string) ([]byte, error) {
	spec, ok := l.by[name]
	if !ok {
		return nil, ruling.No(ruling.Absent, 0, "no-such-act", "Act", name)
	}
	object := map[string]any{}
	for key, values := range fields {
		f, ok := spec.field(key)
		if !ok {
			return nil, ruling.No(ruling.Invalid, 51, "no-such-field", "Act", name, "Field", key)
		}
		if len(values) == 0 || len(values) == 1 && values[0] == "" {
			continue
		}
		if len(values) > 1 && f.Kind != Choices {
			return nil, ruling.No(ruling.Invalid, 51, "given-twice", "Act", name, "Field", key)
		}
		v, err := f.value(name, values)
		if err != nil {
			return nil, err
		}
		object[key] = v
	}
	return json.Marshal(object)
}

func (s *Spec) field(name string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

func (f Field) value(act string, given []string) (any, error) {
	text := given[0]
	switch f.Kind {
	case Number, Minutes:
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return nil, ruling.No(ruling.Invalid, 51, "not-a-number", "Act", act, "Field", f.Name, "Given", text)
		}
		return n, nil
	case YesNo:
		switch text {
		case "yes", "true", "on":
			return true, nil
		case "no", "false":
			return false, nil
		}
		return nil, ruling.No(ruling.Invalid, 51, "not-yes-or-no", "Act", act, "Field", f.Name, "Given", text)
	case Instant:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			if t, err = time.Parse("2006-01-02T15:04Z07:00", text); err != nil {
				return nil, ruling.No(ruling.Invalid, 51, "not-a-time", "Act", act, "Field", f.Name, "Given", text)
			}
		}
		return t, nil
	case Choices:
		var list []string
		for _, g := range given {
			for word := range strings.SplitSeq(g, ",") {
				if word = strings.TrimSpace(word); word != "" {
					list = append(list, word)
				}
			}
		}
		return list, nil
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// NameOf returns the name of an act or event in the catalogue, or of its type.
func (l *List) NameOf(v any) string {
	if s, ok := l.types[reflect.TypeOf(v)]; ok {
		return s.Name
	}
	return Name(v)
}

// RuleOf returns the rule of an act in the catalogue, or 0.
func (l *List) RuleOf(v any) int {
	if s, ok := l.types[reflect.TypeOf(v)]; ok {
		return s.Rule
	}
	return 0
}
