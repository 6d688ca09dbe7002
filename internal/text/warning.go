package text

import (
	"cmp"
	"fmt"
	"slices"

	"parley/internal/phrasebook"
)

// A Warning says what was not understood, or should be looked at, and where.
type Warning struct {
	Line, Column int    // from 1; columns count characters
	Key          string // phrase "text-warning.<Key>" says it in one sentence
	Args         map[string]any
	Lost         bool // something of the source is not in the text as it was meant
}

// Phrase says the warning with its place.
func (w Warning) Phrase() phrasebook.Phrase {
	args := map[string]any{"Line": w.Line, "Column": w.Column}
	for k, v := range w.Args {
		args[k] = v
	}
	return phrasebook.Phrase{Key: "text-warning." + w.Key, Args: args}
}

// String says the warning for a programmer.
func (w Warning) String() string { return fmt.Sprintf("%d:%d: %s", w.Line, w.Column, w.Key) }

// Bounds on a source. What is larger is not read at all, or only as words, so
// that reading takes time and memory in proportion to the source.
const (
	MaxSource   = 8 << 20 // bytes
	MaxDepth    = 64      // brackets in brackets
	MaxBrackets = 20_000
	MaxClauses  = 20_000
	maxOptions  = 1000 // in one bracket
	maxWarnings = 200  // kept; the others are counted
)

// A Parsed is a text and what there is to say about its source.
type Parsed struct {
	Text     *Text
	Warnings []Warning // in the order of the source, at most 200
	More     int       // warnings beyond those
	lost     bool
}

// Whole reports whether all of the source went into the text as it was meant,
// apart from what the warnings say to be doubtful. A text that is not whole
// must not be tabled.
func (p *Parsed) Whole() bool { return !p.lost }

func (p *Parsed) warn(at place, key string, args ...any) {
	p.add(Warning{Line: at.line, Column: at.column, Key: key, Args: phrasebook.Say("", args...).Args})
}

// lose warns of something that is not in the text as it was meant.
func (p *Parsed) lose(at place, key string, args ...any) {
	p.add(Warning{Line: at.line, Column: at.column, Key: key, Args: phrasebook.Say("", args...).Args, Lost: true})
}

func (p *Parsed) add(w Warning) {
	p.lost = p.lost || w.Lost
	if len(p.Warnings) >= maxWarnings && !w.Lost {
		p.More++
		return
	}
	p.Warnings = append(p.Warnings, w)
}

// order sorts the warnings by place and keeps to their bound.
func (p *Parsed) order() {
	slices.SortStableFunc(p.Warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if n := len(p.Warnings); n > 2*maxWarnings {
		p.More += n - 2*maxWarnings
		p.Warnings = p.Warnings[:2*maxWarnings]
	}
}

// A place is a line and a column, both from 1.
type place struct{ line, column int }
