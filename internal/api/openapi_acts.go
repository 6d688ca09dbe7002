package api

import (
	"fmt"
	"slices"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/secretariat"
)

// reader is for whom descriptions are written: programmers, in English.
var reader = phrasebook.Reader{}

// actOperation is what the operation of an act says in place of the route's.
func actOperation(book *phrasebook.Book, s *catalogue.Spec) object {
	required := len(requiredOf(s)) > 0
	return object{
		{"operationId", "act." + s.Name},
		{"tags", []string{chapterOf(s)}},
		{"summary", book.Line(reader, "act."+s.Name)},
		{"description", fmt.Sprintf("Rule %d of the rules of procedure says who is entitled to it.", s.Rule)},
		{"x-rule", s.Rule},
		{"requestBody", object{{"required", required}, {"content", object{{"application/json", object{{"schema", ref("schemas", "act."+s.Name)}}}}}}},
	}
}

// requiredOf are the names of the fields that an act cannot do without.
func requiredOf(s *catalogue.Spec) []string {
	required := []string{}
	for _, f := range s.Fields {
		if !f.Optional && f.Kind != catalogue.Person {
			required = append(required, f.Name)
		}
	}
	return required
}

// actSchema describes the fields of an act.
func actSchema(book *phrasebook.Book, s *catalogue.Spec) object {
	properties := object{}
	for _, f := range s.Fields {
		properties = append(properties, member{f.Name, append(valueSchema(f), member{"description", fieldSays(book, f)})})
	}
	o := object{{"type", "object"}, {"additionalProperties", false}}
	if required := requiredOf(s); len(required) > 0 {
		o = append(o, member{"required", required})
	}
	return append(o, member{"properties", properties})
}

// fieldSays says a field in words, with what its form does not tell.
func fieldSays(book *phrasebook.Book, f catalogue.Field) string {
	says := book.Line(reader, "field."+f.Name)
	if more := kindNotes[f.Kind]; more != "" {
		says += ". " + more
	}
	return says
}

// kindNotes says of a kind of field what a person has to know to fill it in.
var kindNotes = map[catalogue.Kind]string{
	catalogue.Person:   "Id of a person; left out, a newcomer is enrolled under the name, and the answer has their link",
	catalogue.File:     "The bytes of a file in base64; at most 1 MB before that",
	catalogue.PartyKey: "Key of a party",
	catalogue.SeatKey:  "Key of a seat",
	catalogue.Instant:  "RFC 3339 with offset",
}

// valueSchema is the form of a field's value.
func valueSchema(f catalogue.Field) object {
	switch f.Kind {
	case catalogue.Number, catalogue.Minutes:
		return object{{"type", "integer"}, {"format", "int64"}}
	case catalogue.YesNo:
		return object{{"type", "boolean"}}
	case catalogue.Instant:
		return object{{"type", "string"}, {"format", "date-time"}}
	case catalogue.Choice:
		return object{{"type", "string"}, {"enum", f.Choices}}
	case catalogue.Choices:
		return object{{"type", "array"}, {"items", object{{"type", "string"}, {"enum", f.Choices}}}}
	case catalogue.File:
		return object{{"type", "string"}, {"contentEncoding", "base64"}}
	}
	// The bound is in bytes, of which a character has at least one.
	return object{{"type", "string"}, {"maxLength", f.MaxBytes()}}
}

// specsIn lists the acts of a chapter, in the order of the catalogue.
func specsIn(chapter string) []*catalogue.Spec {
	return slices.DeleteFunc(slices.Clone(secretariat.Acts.Specs()), func(s *catalogue.Spec) bool { return chapterOf(s) != chapter })
}
