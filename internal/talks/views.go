package talks

import (
	"maps"
	"slices"
)

// A Spoken is a statement as later acts may refer to it.
type Spoken struct {
	Number int64 // of its entry
	Text   string
}

// StatementsOf returns the statements of a side, the latest first.
func (t *Talks) StatementsOf(side string) (list []Spoken) {
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(t.statements))) {
		if s := t.statements[n]; s.side == side {
			list = append(list, Spoken{n, s.text})
		}
	}
	return list
}

// LineOf returns the holding line of a side that stands, or nil.
func (t *Talks) LineOf(side string) *HoldingLine { return t.line(side) }
