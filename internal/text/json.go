package text

import (
	stdjson "encoding/json"
	"fmt"

	"github.com/go-json-experiment/json"
)

// The JSON form of a text is its Go form, with names in kebab-case and what is
// empty left out. It loses nothing.

// Encode writes a text as JSON.
func Encode(t *Text) ([]byte, error) { return stdjson.Marshal(t) }

// maxJSON bounds a text in JSON, in bytes.
const maxJSON = 8 * MaxSource

// Decode reads a text from JSON and checks it. It refuses names it does not
// know, names given twice, invalid UTF-8 and whatever [Text.Check] refuses.
func Decode(data []byte) (*Text, error) {
	if len(data) > maxJSON {
		return nil, fmt.Errorf("the text is larger than %d MB", maxJSON>>20)
	}
	t := &Text{}
	if err := json.Unmarshal(data, t, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("the text cannot be read: %w", err)
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	return t, nil
}

// MarshalText writes a status in words.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a status in words.
func (s *Status) UnmarshalText(b []byte) error {
	got, ok := statusOf(string(b))
	if !ok {
		return fmt.Errorf("%.40q is no status", b)
	}
	*s = got
	return nil
}
