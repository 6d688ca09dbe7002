package catalogue

import (
	"strings"
	"testing"

	"parley/internal/ruling"
)

type party string

type table struct {
	Party   party
	Seats   int
	Open    bool
	Dates   []day
	Minutes Pause
}

type (
	day   string
	Pause int
)

func (day) Choices() []string { return []string{"monday", "tuesday"} }

// What is of the wrong type is refused in words that are not the program's.
func TestWrongTypesAreToldPlainly(t *testing.T) {
	list := Of[any](table{})
	for body, want := range map[string][2]string{
		`{"party":5}`:          {"number", "text"},
		`{"party":{"a":"b"}}`:  {"JSON object", "text"},
		`{"seats":"five"}`:     {"text", "number"},
		`{"open":[1]}`:         {"list", "true or false"},
		`{"dates":"monday"}`:   {"text", "list"},
		`{"dates":[true]}`:     {"true or false", "list"},
		`{"minutes":"always"}`: {"text", "number"},
	} {
		_, err := list.Parse("table", []byte(body))
		no := ruling.Of(err)
		if no.Key != "wrong-type" || no.Args["Given"] != want[0] || no.Args["Wanted"] != want[1] {
			t.Errorf("%s: %+v", body, no)
		}
	}
	_, err := list.Parse("table", []byte(`{"seats":1.5}`))
	if no := ruling.Of(err); no.Key != "not-a-number" || no.Args["Given"] != "1.5" {
		t.Errorf("one and a half seats: %+v", no)
	}
	_, err = list.Parse("table", []byte(`[1]`))
	if no := ruling.Of(err); no.Key != "unreadable" || strings.Contains(err.Error(), "catalogue.") {
		t.Errorf("a list of fields: %v", err)
	}
}
