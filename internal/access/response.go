package access

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"parley/internal/ruling"
)

// Limits on what a browser answers.
const (
	mostResponse = 64 << 10 // bytes
	mostDepth    = 8
)

func notAnAnswer() error { return ruling.No(ruling.Invalid, 0, "passkey-answer") }

// checkResponse looks at what a browser answered before anything reads it: it
// must be one JSON value of bounded size and depth in which no member is given
// twice, however it is capitalised, and it must not hold what a passkey derives
// for encryption. A browser's own toJSON puts that in; a server that is handed
// it is no longer one that cannot read.
func checkResponse(b []byte) error {
	if len(b) > mostResponse {
		return notAnAnswer()
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if err := checkValue(d, 0, ""); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return notAnAnswer()
	}
	return nil
}

// checkValue reads one value; within is the member that it belongs to.
func checkValue(d *json.Decoder, depth int, within string) error {
	t, err := d.Token()
	if err != nil || depth > mostDepth {
		return notAnAnswer()
	}
	switch t {
	case json.Delim('['):
		for d.More() {
			if err := checkValue(d, depth+1, within); err != nil {
				return err
			}
		}
	case json.Delim('{'):
		if err := checkMembers(d, depth, within); err != nil {
			return err
		}
	default:
		return nil
	}
	if _, err := d.Token(); err != nil {
		return notAnAnswer()
	}
	return nil
}

func checkMembers(d *json.Decoder, depth int, within string) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return notAnAnswer()
		}
		// encoding/json takes a member under any capitals, so this must too.
		name = fold(name)
		if seen[name] {
			return notAnAnswer()
		}
		seen[name] = true
		if name == "results" && within == "prf" || name == "hmacgetsecret" {
			return ruling.No(ruling.Invalid, 0, "prf-sent")
		}
		if err := checkValue(d, depth+1, name); err != nil {
			return err
		}
	}
	return nil
}

// fold maps names that encoding/json takes for one another to one: besides
// capitals, the long s and the Kelvin sign.
func fold(name string) string {
	return strings.NewReplacer("ſ", "s", "K", "k").Replace(strings.ToLower(name))
}
