package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// A layout says which fields of an event are structure and which are words.
type layout struct{ structure, words []slot }

type slot struct {
	key   string // `"name":`
	index int
}

func layoutOf(typ reflect.Type) (l layout) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = kebab(f.Name)
		}
		s := slot{`"` + name + `":`, i}
		if f.Tag.Get("words") != "" {
			l.words = append(l.words, s)
		} else {
			l.structure = append(l.structure, s)
		}
	}
	return l
}

// Lay lays an event down in two JSON objects: its structure, and the fields
// tagged `words`. Fields that are zero are left out; the order is that of the
// type. An event without words has an empty second part.
func (l *List) Lay(event any) (name string, structure, words []byte, err error) {
	v := reflect.ValueOf(event)
	spec, ok := l.types[v.Type()]
	if !ok {
		return "", nil, nil, fmt.Errorf("%T is not in the catalogue", event)
	}
	if structure, err = object(v, spec.layout.structure); err != nil {
		return "", nil, nil, err
	}
	if words, err = object(v, spec.layout.words); err != nil {
		return "", nil, nil, err
	}
	if len(words) == len("{}") {
		words = nil
	}
	return spec.Name, structure, words, nil
}

func object(v reflect.Value, slots []slot) ([]byte, error) {
	b := []byte{'{'}
	for _, s := range slots {
		f := v.Field(s.index)
		if f.IsZero() {
			continue
		}
		value, err := json.Marshal(f.Interface())
		if err != nil {
			return nil, err
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(b, s.key...), value...)
	}
	return append(b, '}'), nil
}

// Take reads an event that Lay laid down. Words that have been destroyed, or
// are withheld, are nil; their fields are then empty.
func (l *List) Take(name string, structure, words []byte) (any, error) {
	spec, ok := l.by[name]
	if !ok {
		return nil, fmt.Errorf("there is no event %q: the record was written by a later version", name)
	}
	v := reflect.New(spec.typ)
	if err := strict(structure, v.Interface()); err != nil {
		return nil, fmt.Errorf("structure of %s: %w", name, err)
	}
	if len(words) > 0 {
		if err := strict(words, v.Interface()); err != nil {
			return nil, fmt.Errorf("words of %s: %w", name, err)
		}
	}
	return v.Elem().Interface(), nil
}

// An Envelope is what the structure of an entry commits to: the event's name,
// the groups of readers it is for, marks such as "console" on how it came in,
// and the event's own structure.
type Envelope struct {
	Name      string
	Audience  []string
	Marks     []string
	Structure []byte
}

// Fold writes the envelope: three lines, then the structure.
func (e Envelope) Fold() []byte {
	b := make([]byte, 0, len(e.Name)+len(e.Structure)+96)
	b = append(append(b, e.Name...), '\n')
	b = append(append(b, strings.Join(e.Audience, " ")...), '\n')
	b = append(append(b, strings.Join(e.Marks, " ")...), '\n')
	return append(b, e.Structure...)
}

// Unfold takes an envelope apart.
func Unfold(b []byte) (e Envelope, err error) {
	parts := bytes.SplitN(b, []byte{'\n'}, 4)
	if len(parts) != 4 || len(parts[0]) == 0 {
		return e, fmt.Errorf("the structure is not an envelope")
	}
	return Envelope{string(parts[0]), strings.Fields(string(parts[1])), strings.Fields(string(parts[2])), parts[3]}, nil
}
