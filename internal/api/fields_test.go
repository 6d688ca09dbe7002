package api

import (
	"errors"
	"testing"

	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// FuzzFieldsOf checks that whatever is sent as the fields of an act is read or
// refused, in a sentence, and that what was read the catalogue can judge.
func FuzzFieldsOf(f *testing.F) {
	for _, body := range []string{`{}`, ``, `{"text":"x","kept":"exact"}`, `{"powers":["sign"],"as":"head"}`, `{"minutes":5}`, `{"when":"2025-05-16T13:35:00+03:00"}`,
		`{"text":null}`, `{"text":"a","text":"b"}`, `{"a":{"b":[1,{}]}}`, `[`, `{"text":"\ud800"}`, `{"minutes":1e400}`, `{"entry":9223372036854775808}`} {
		for _, act := range []string{"speak", "accredit", "set-time-limit", "correct", "dance"} {
			f.Add(act, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, act string, body []byte) {
		fields, err := fieldsOf(act, body)
		if err == nil {
			_, err = secretariat.Acts.FromWords(act, fields)
		}
		var no *ruling.Refusal
		if err != nil && !errors.As(err, &no) {
			t.Errorf("%s %q: %v", act, body, err)
		}
	})
}
