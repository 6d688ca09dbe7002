package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// openAPI gives the description of the API. It is the same for everybody.
func (a *API) openAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	described, err := a.description()
	if err == nil {
		_, _ = w.Write(described) // whoever left need not be told
	}
	return err
}

// An object is a JSON object whose members stand in the order in which they
// were put in, so that the description reads like a book and never changes by itself.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, key...), ':'), value...)
	}
	return append(b, '}'), nil
}

// OpenAPI describes the API in OpenAPI 3.1: its routes from the list of them,
// its forms from their types, and every act with its fields from the
// catalogue. It is in English, and the same bytes for the same program.
func OpenAPI(book *phrasebook.Book) ([]byte, error) {
	doc := object{
		{"openapi", "3.1.0"},
		{"info", object{
			{"title", "Parley"},
			{"version", "1"},
			{"description", strings.Join(preamble, "\n\n")},
		}},
		{"servers", []object{{{"url", "/"}, {"description", "the house that serves this description"}}}},
		{"tags", tags()},
		{"paths", paths(book)},
		{"components", object{
			{"schemas", schemas(book)},
			{"responses", refusals()},
			{"securitySchemes", object{
				{"script", object{{"type", "http"}, {"scheme", "bearer"}, {"description", "a token that parley token gave out"}}},
				{"browser", object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-parley"},
					{"description", "the login of a browser, on the house's own pages; called parley where the house is reached without TLS"}}},
			}},
		}},
	}
	written, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, written, "", " "); err != nil {
		return nil, err
	}
	return append(b.Bytes(), '\n'), nil
}

// preamble is what there is to know before all else. The manual begins with it too.
var preamble = []string{
	"Every act of the catalogue, and the records as the caller may see them, live and with proofs.",
	"Send a script's token as Authorization: Bearer. Without one you get what is public. A browser that is signed in may use the API from the house's own " +
		"pages; other sites may not.",
	"Every no is a problem document (RFC 9457) whose detail is one sentence that a person can act on, with the rule of procedure that stands in the way. " +
		"What you may not know of answers exactly as what does not exist. No answer may be stored on the way.",
	"Fields of answers are added to and never renamed; programs should overlook what they do not know. Fields of acts that are not known are refused.",
}

// A chapter is a group of acts as the description lists them.
type chapter struct{ name, says string }

var chapters = []chapter{
	{"reading", "What there is to read."},
	{"table", "What is done at the table."},
	{"texts", "What is done to negotiating texts at the table."},
	{"rooms", "What is done in private rooms."},
	{"room texts", "What is done to negotiating texts in private rooms."},
	{"clock", "What time does by itself. The house's own clock enters it, and refuses it to everybody else."},
}

func tags() (list []object) {
	for _, c := range chapters {
		list = append(list, object{{"name", c.name}, {"description", c.says}})
	}
	return list
}

// chapterOf says where an act is listed.
func chapterOf(s *catalogue.Spec) string {
	_, table := talks.Acts.Spec(s.Name)
	onText := slices.ContainsFunc(text.Acts(), func(a text.Act) bool {
		return talks.TextActName(a) == strings.TrimSuffix(s.Name, "-in-room")
	})
	switch {
	case seat.Seat{Role: seat.Secretariat}.Permits(s.Name):
		return "clock"
	case table && onText:
		return "texts"
	case table:
		return "table"
	case onText:
		return "room texts"
	}
	return "rooms"
}

func paths(book *phrasebook.Book) (list object) {
	for _, r := range routes {
		if r.path != submission {
			list = append(list, member{r.path, object{{strings.ToLower(r.method), operation(r, nil)}}})
			continue
		}
		for _, s := range secretariat.Acts.Specs() {
			list = append(list, member{strings.Replace(r.path, "{act}", s.Name, 1), object{{"post", operation(r, actOperation(book, s))}}})
		}
	}
	return list
}

// operation describes a route. Members that are given stand in place of its own.
func operation(r route, own object) object {
	o := object{{"operationId", r.id}, {"tags", []string{chapters[0].name}}, {"summary", r.says}}
	if r.more != "" {
		o = append(o, member{"description", r.more})
	}
	for _, m := range own {
		i := slices.IndexFunc(o, func(had member) bool { return had.key == m.key })
		if i < 0 {
			o = append(o, m)
		} else {
			o[i] = m
		}
	}
	if len(r.asks) > 0 {
		var asks []object
		for _, p := range r.asks {
			asks = append(asks, parameterObject(p))
		}
		o = append(o, member{"parameters", asks})
	}
	answers := object{{"200", object{{"description", "so it is"}, {"content", content(r)}}}}
	refuses := slices.Compact(slices.Sorted(slices.Values(append([]int{http.StatusMethodNotAllowed}, r.refuses...))))
	for _, status := range refuses {
		answers = append(answers, member{fmt.Sprint(status), ref("responses", fmt.Sprint(status))})
	}
	o = append(o, member{"responses", answers})
	security := []object{{}}
	if !r.open {
		security = []object{{}, {{"script", []string{}}}, {{"browser", []string{}}}}
	}
	return append(o, member{"security", security})
}

func parameterObject(p parameter) object {
	schema := object{{"type", "string"}}
	switch {
	case p.number:
		schema = object{{"type", "integer"}, {"format", "int64"}, {"minimum", 0}}
	case p.pattern != "":
		schema = append(schema, member{"pattern", p.pattern})
	}
	o := object{{"name", p.name}, {"in", p.in}}
	if p.required {
		o = append(o, member{"required", true})
	}
	return append(o, member{"description", p.says}, member{"schema", schema})
}

func content(r route) object {
	switch {
	case r.gives != nil:
		return object{{"application/json", object{{"schema", ref("schemas", r.gives.Name())}}}}
	case r.text == "application/json":
		return object{{r.text, object{{"schema", object{{"type", "object"}}}}}}
	}
	return object{{r.text, object{{"schema", object{{"type", "string"}}}}}}
}

func ref(section, name string) object {
	return object{{"$ref", "#/components/" + section + "/" + name}}
}

// refusals are the answers by status, each a problem document.
func refusals() (list object) {
	says := maps.Clone(protocolSays)
	for _, k := range ruling.Kinds() {
		says[k.Status()] = k.String() + ": " + kindSays[k]
	}
	for _, status := range slices.Sorted(maps.Keys(says)) {
		list = append(list, member{fmt.Sprint(status), object{{"description", says[status]},
			{"content", object{{ProblemType, object{{"schema", ref("schemas", "Problem")}}}}}}})
	}
	return list
}

// protocolSays says what refusals mean that never reached the desk.
var protocolSays = map[int]string{
	http.StatusMethodNotAllowed:      "the path does not take the method; Allow names the one that it takes",
	http.StatusRequestTimeout:        "the body did not come in, in time; nothing was entered",
	http.StatusRequestEntityTooLarge: "the body is too large; nothing was entered",
	http.StatusUnsupportedMediaType:  "the body is not application/json; nothing was entered",
}

// kindSays says what a person may do about a refusal of a kind.
var kindSays = map[ruling.Kind]string{
	ruling.Fault:      "our own fault; the operator has been told. An act may or may not have been entered: send it again under the same Request-Id",
	ruling.Invalid:    "put it differently",
	ruling.Absent:     "it is not there, or not yours to know of",
	ruling.Denied:     "ask somebody who is entitled to it; or the token is no good",
	ruling.OutOfOrder: "wait, or ask the chair",
	ruling.Stale:      "the record has moved on: look again, then decide",
}

// forms are the forms of answers.
var forms = []reflect.Type{
	reflect.TypeFor[Problem](), reflect.TypeFor[Entered](), reflect.TypeFor[Entry](), reflect.TypeFor[Page](), reflect.TypeFor[Records](), reflect.TypeFor[RecordHead](),
	reflect.TypeFor[Lobby](), reflect.TypeFor[HouseKey](), reflect.TypeFor[Acts](), reflect.TypeFor[Act](), reflect.TypeFor[Field](),
}

// schemas are the forms of answers, and the fields of every act.
func schemas(book *phrasebook.Book) (list object) {
	for _, typ := range forms {
		list = append(list, member{typ.Name(), formSchema(typ)})
	}
	for _, s := range secretariat.Acts.Specs() {
		list = append(list, member{"act." + s.Name, actSchema(book, s)})
	}
	return list
}

// formSchema describes a form of this package from its fields and their tags.
func formSchema(typ reflect.Type) object {
	var properties object
	required := []string{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := append(typeSchema(f.Type), member{"description", f.Tag.Get("doc")})
		if format := f.Tag.Get("format"); format != "" {
			property = append(property, member{"format", format})
		}
		if typ == reflect.TypeFor[Problem]() && name == "kind" {
			var kinds []string
			for _, k := range ruling.Kinds() {
				kinds = append(kinds, k.String())
			}
			property = append(property, member{"enum", kinds})
		}
		properties = append(properties, member{name, property})
		if option != "omitempty" {
			required = append(required, name)
		}
	}
	return object{{"type", "object"}, {"required", required}, {"properties", properties}}
}

func typeSchema(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
		return object{{"type", "object"}}
	case t.Kind() == reflect.Slice:
		return object{{"type", "array"}, {"items", typeSchema(t.Elem())}}
	case t.Kind() == reflect.Struct:
		return ref("schemas", t.Name())
	case t.Kind() == reflect.Bool:
		return object{{"type", "boolean"}}
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return object{{"type", "integer"}, {"format", "int64"}}
	}
	return object{{"type", "string"}}
}
