package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

//go:generate go test . -run TestManual -args -manual

// Manual is docs/api.md: what OpenAPI says, for people. It is made from the
// same lists, and a test holds the page to it.
func Manual(book *phrasebook.Book) []byte {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	say("# The API\n\nThis page is made from the program (`go test ./internal/api -run TestManual -args -manual`); the same in OpenAPI 3.1 is what a house answers at "+
		"`/api/openapi.json`.\n\n%s\n", strings.Join(preamble, "\n\n"))
	say("\n## Reading and submitting\n\n| route | | gives |\n|---|---|---|\n")
	for _, r := range routes {
		gives := "text"
		switch {
		case r.gives != nil:
			gives = "[" + r.gives.Name() + "](#forms)"
		case r.text != "text/plain":
			gives = r.text
		}
		says := strings.TrimSpace(r.says + " " + r.more)
		say("| `%s %s` | %s%s | %s |\n", r.method, r.path, says, manualAsks(r), gives)
	}
	manualRefusals(say)
	manualForms(say)
	for _, c := range chapters[1:] {
		say("\n## Acts: %s\n\n%s\n", c.name, c.says)
		for _, s := range specsIn(c.name) {
			manualAct(say, book, s)
		}
	}
	return []byte(b.String())
}

type printer func(format string, args ...any)

// manualAsks lists what a request may say beside path and body.
func manualAsks(r route) string {
	var list []string
	for _, p := range r.asks {
		if p.in != "path" {
			list = append(list, fmt.Sprintf("`%s` (%s): %s", p.name, p.in, p.says))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "<br>" + strings.Join(list, "<br>")
}

func manualRefusals(say printer) {
	say("\n## Refusals\n\n| status | kind | what to do |\n|---|---|---|\n")
	kinds := slices.SortedFunc(slices.Values(ruling.Kinds()), func(a, b ruling.Kind) int { return a.Status() - b.Status() })
	for _, k := range kinds {
		say("| %d | %s | %s |\n", k.Status(), k, kindSays[k])
	}
	for _, status := range []int{http.StatusMethodNotAllowed, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType} {
		say("| %d | %s | %s |\n", status, ruling.Invalid, protocolSays[status])
	}
}

func manualForms(say printer) {
	say("\n## Forms\n\nFields marked * are always there.\n")
	for _, typ := range forms {
		say("\n**%s**\n\n| field | | |\n|---|---|---|\n", typ.Name())
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			mark := "*"
			if option == "omitempty" {
				mark = ""
			}
			say("| `%s`%s | %s | %s |\n", name, mark, inWords(typeSchema(f.Type)), f.Tag.Get("doc"))
		}
	}
}

// manualAct says an act and what there is to fill in.
func manualAct(say printer, book *phrasebook.Book, s *catalogue.Spec) {
	says := book.Line(reader, "act."+s.Name)
	say("\n### %s\n\n%s%s. [Rule %d](rules.md).\n", s.Name, strings.ToUpper(says[:1]), says[1:], s.Rule)
	if len(s.Fields) == 0 {
		say("\nThere is nothing to fill in.\n")
		return
	}
	say("\n| field | | |\n|---|---|---|\n")
	required := requiredOf(s)
	for _, f := range s.Fields {
		mark := ""
		if slices.Contains(required, f.Name) {
			mark = "*"
		}
		say("| `%s`%s | %s | %s |\n", f.Name, mark, inWords(valueSchema(f)), fieldSays(book, f))
	}
}

// inWords says a schema in a few words.
func inWords(schema object) string {
	get := func(key string) any {
		for _, m := range schema {
			if m.key == key {
				return m.value
			}
		}
		return nil
	}
	if to, ok := get("$ref").(string); ok {
		return to[strings.LastIndexByte(to, '/')+1:]
	}
	if choices, ok := get("enum").([]string); ok {
		return "one of " + strings.Join(choices, ", ")
	}
	switch get("type") {
	case "array":
		return "list: " + inWords(get("items").(object))
	case "boolean":
		return "true or false"
	case "integer":
		return "whole number"
	case "object":
		return "JSON object"
	}
	switch {
	case get("format") == "date-time":
		return "time"
	case get("contentEncoding") != nil:
		return "base64"
	}
	if most, ok := get("maxLength").(int); ok {
		return fmt.Sprintf("text, at most %d kB", most>>10)
	}
	return "text"
}
