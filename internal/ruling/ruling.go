// Package ruling says no, once and for every surface.
//
// A refusal is not a failure of the program: it is an answer. It names the
// rule of procedure that stands in the way and the phrase that says so, and
// every surface renders the same refusal in its own manner: a page, a problem
// document, a line and an exit code. Anything that is not a [Refusal] is our
// own fault; it is told to the operator in full and to the person briefly.
//
// The package knows the kinds and the one table that turns them into words and
// numbers. It holds no sentences (those are in phrasebook) and decides nothing.
package ruling

import (
	"errors"
	"fmt"
)

// A Kind sorts refusals by what the person may do about them.
type Kind uint8

const (
	Fault      Kind = iota // nothing; it is ours to mend
	Invalid                // put it differently
	Absent                 // look elsewhere; also all that a person may not know of
	Denied                 // ask someone with the right to
	OutOfOrder             // wait, or ask the chair
	Stale                  // look again, then decide
)

// answers is the one place where a kind becomes a word and numbers. The words
// are part of the API and of scripts.
var answers = [...]struct {
	word   string
	status int // HTTP
	exit   int // command line
}{
	Fault:      {"fault", 500, 1},
	Invalid:    {"invalid", 400, 2},
	Absent:     {"absent", 404, 3},
	Denied:     {"denied", 403, 4},
	OutOfOrder: {"out of order", 409, 5},
	Stale:      {"stale", 412, 6},
}

// Kinds returns all kinds, in the order of the table.
func Kinds() []Kind { return []Kind{Fault, Invalid, Absent, Denied, OutOfOrder, Stale} }

// String returns the kind's word, which is also the suffix of its phrase keys
// with hyphens for spaces.
func (k Kind) String() string { return answers[k].word }

// Status returns the kind's HTTP status.
func (k Kind) Status() int { return answers[k].status }

// Exit returns the kind's exit code on the command line.
func (k Kind) Exit() int { return answers[k].exit }

// A Refusal is an expected no.
type Refusal struct {
	Kind Kind
	Rule int            // number in docs/rules.md; 0 if no rule applies
	Key  string         // phrase "refusal.<Key>" says it in one sentence
	Args map[string]any // the phrase's arguments; see phrasebook for their types
}

// Error says the refusal for a programmer. People read the phrase.
func (r *Refusal) Error() string {
	if r.Rule == 0 {
		return fmt.Sprintf("%s: %s", r.Kind, r.Key)
	}
	return fmt.Sprintf("%s: rule %d: %s", r.Kind, r.Rule, r.Key)
}

// No refuses by a rule with a phrase and its arguments, which alternate
// between name and value.
func No(kind Kind, rule int, key string, args ...any) error {
	r := &Refusal{Kind: kind, Rule: rule, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = make(map[string]any, len(args)/2)
		}
		r.Args[args[i].(string)] = args[i+1]
	}
	return r
}

// Nothing is the one answer to whoever asks for what is not there or not
// theirs. The two must not differ in a byte.
func Nothing() error { return No(Absent, 0, "nothing-here") }

// Of returns the refusal in err, or a Fault that keeps err's detail to itself.
func Of(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return &Refusal{Kind: Fault, Key: "fault"}
}
