// Package plot draws the figures of an analysis: what every package is worth to two parties ([Frontier]), what a few
// packages are worth to many ([Parallel]), and how far an answer rests on uncertain weights ([Bars]).
//
// It owns how a figure looks and nothing else: it is given points and words and computes no solution. A figure is
// described once and laid out as a [Drawing], which writes itself as SVG or PNG, so that the two never disagree.
//
// It promises
//   - that no label of a drawing lies on another label, nor leaves the sheet: what finds no place beside its point goes
//     into the key under the figure, under its number;
//   - that nothing is told by hue alone: parties differ by name and hatch, solutions by number, lines by dash and
//     shape, so that a figure survives a black-and-white printer and every kind of colour blindness;
//   - that the frontier is drawn whole, while the cloud of other packages, which is background, is thinned to what the
//     eye can separate;
//   - that an SVG has a title, a description, no script, no style attribute and no request to anywhere.
//
// It has no words of its own: every sentence in a figure is the caller's, in the reader's language. It reads no clock,
// no file and no randomness: the same figure gives the same bytes.
package plot

import (
	"errors"
	"fmt"
	"math"
)

// Options say for which sheet a figure is laid out.
type Options struct {
	// Width of the drawing in CSS pixels (1/96 inch). Under [NarrowBelow] the narrow layout is taken: points carry
	// numbers and the names stand in a key below. 0 means [Wide].
	Width float64
	// Height of the plot in CSS pixels without the key; 0 lets the layout choose.
	Height float64
	// ID makes the title and description ids of inline drawings unique on a page; 0 characters means "plot".
	ID string
	// Title and Desc become <title> and <desc>: what the figure shows, and its gist in words. Both are required.
	Title, Desc string
}

// Widths in CSS pixels: of a phone, of a page, and where one layout gives way to the other.
const (
	Phone       = 360.0
	Wide        = 720.0
	NarrowBelow = 560.0
)

const (
	maxMarks  = 12     // named points a figure can tell apart
	maxDots   = 3000   // dots of the background cloud after thinning
	maxPoints = 200000 // points of one frontier
	maxAxes   = 12
	maxBars   = 200
	maxLabel  = 200 // runes of one label
	maxWidth  = 4000.0
	minWidth  = 240.0
)

// Point is what one package is worth to the first party (X) and to the second (Y), each on its own scale.
type Point struct{ X, Y float64 }

// Kind says which mark a named point carries.
type Kind int

// Kinds of named points.
const (
	Solution Kind = iota // a filled disc with its number
	Draft                // an open square: the text on the table
	Ideal                // a cross: what both cannot have at once
	Lone                 // a filled diamond without a number, such as an agreement from elsewhere
)

// Named is a package with a name.
type Named struct {
	Kind Kind
	Name string // "Largest product"
	Note string // "N 58.3 · S 64.5"; may be empty
	At   Point
}

func (o Options) settled() (Options, error) {
	if o.Width == 0 {
		o.Width = Wide
	}
	if o.ID == "" {
		o.ID = "plot"
	}
	switch {
	case !(o.Width >= minWidth && o.Width <= maxWidth):
		return o, fmt.Errorf("plot: a width of %g is outside %g to %g pixels", o.Width, minWidth, maxWidth)
	case o.Height != 0 && !(o.Height >= 160 && o.Height <= maxWidth):
		return o, fmt.Errorf("plot: a height of %g is outside 160 to %g pixels", o.Height, maxWidth)
	case o.Title == "" || o.Desc == "":
		return o, errors.New("plot: a figure needs a title and a description, for those who do not see it")
	}
	for _, r := range o.ID {
		if !(r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return o, fmt.Errorf("plot: the id %q may hold letters, digits and hyphens only", o.ID)
		}
	}
	return o, nil
}

func (o Options) narrow() bool { return o.Width < NarrowBelow }

// Axis is one party's scale.
type Axis struct {
	Name  string // "worth to Northland"
	Short string // "Northland": where there is room for no more; empty means Name
	// Min and Max bound the scale; both 0 means: from the points.
	Min, Max float64
	// Reserve is what the party accepts at least, where HasReserve says that it has said so; ReserveLabel says it in
	// words ("Northland accepts to the right of 40").
	Reserve      float64
	HasReserve   bool
	ReserveLabel string
}

func (a Axis) short() string {
	if a.Short != "" {
		return a.Short
	}
	return a.Name
}

func finite(what string, vs ...float64) error {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e15 {
			return fmt.Errorf("plot: %s has the coordinate %v, which cannot be drawn", what, v)
		}
	}
	return nil
}

// checkWords refuses labels that would not fit any sheet.
func checkWords(words ...string) error {
	for _, w := range words {
		if n := len([]rune(w)); n > maxLabel {
			return fmt.Errorf("plot: a label has %d characters, at most %d can be set: %.40q…", n, maxLabel, w)
		}
	}
	return nil
}
