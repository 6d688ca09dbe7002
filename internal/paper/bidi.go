package paper

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// The order in which a line is drawn when it holds words of both directions:
// Unicode Standard Annex 9 (version 15) without explicit embeddings, because
// characters that reorder are shown as what they are and never obeyed. The
// bidi package of x/text tells the classes; its own ordering gives runs
// without levels, from which a number among Arabic words cannot be placed.

// order holds the level of each character of a paragraph.
type order struct {
	words  []rune
	levels []uint8
	base   uint8
}

// arrange finds the levels of a paragraph that begins from the right or the left.
func arrange(words []rune, rtl bool) order {
	o := order{words: words, levels: make([]uint8, len(words))}
	if rtl {
		o.base = 1
	}
	c := make([]bidi.Class, len(words))
	for i, r := range words {
		p, _ := bidi.LookupRune(r)
		if c[i] = p.Class(); c[i] > bidi.AL || c[i] == bidi.BN { // controls, which do not come here
			c[i] = bidi.ON
		}
	}
	o.weak(c)
	o.brackets(c)
	o.neutral(c)
	for i := range c {
		o.levels[i] = o.base
		switch {
		case o.base == 0 && c[i] == bidi.R, o.base == 1 && c[i] == bidi.L:
			o.levels[i]++
		case c[i] == bidi.EN || c[i] == bidi.AN:
			o.levels[i] = 2
		}
	}
	return o
}

// embedding is the class of the paragraph's own direction.
func (o *order) embedding() bidi.Class {
	if o.base == 1 {
		return bidi.R
	}
	return bidi.L
}

// weak settles numbers and what belongs to them (rules W1 to W7).
func (o *order) weak(c []bidi.Class) {
	before, strong := o.embedding(), o.embedding()
	for i := range c {
		if c[i] == bidi.NSM {
			c[i] = before
		}
		before = c[i]
		switch {
		case c[i] == bidi.L, c[i] == bidi.R, c[i] == bidi.AL:
			strong = c[i]
		case c[i] == bidi.EN && strong == bidi.AL:
			c[i] = bidi.AN
		}
	}
	for i := range c {
		if c[i] == bidi.AL {
			c[i] = bidi.R
		}
		if i == 0 || i+1 == len(c) || c[i-1] != c[i+1] {
			continue
		}
		if c[i] == bidi.ES && c[i-1] == bidi.EN || c[i] == bidi.CS && (c[i-1] == bidi.EN || c[i-1] == bidi.AN) {
			c[i] = c[i-1]
		}
	}
	for i := 0; i < len(c); i++ {
		if c[i] != bidi.ET {
			continue
		}
		end := i
		for end < len(c) && c[end] == bidi.ET {
			end++
		}
		with := bidi.ON
		if i > 0 && c[i-1] == bidi.EN || end < len(c) && c[end] == bidi.EN {
			with = bidi.EN
		}
		for ; i < end; i++ {
			c[i] = with
		}
	}
	strong = o.embedding()
	for i := range c {
		switch c[i] {
		case bidi.ES, bidi.CS:
			c[i] = bidi.ON
		case bidi.L, bidi.R:
			strong = c[i]
		case bidi.EN:
			if strong == bidi.L {
				c[i] = bidi.L
			}
		}
	}
}

// direction is what a class counts as beside neutral ones.
func direction(c bidi.Class) bidi.Class {
	switch c {
	case bidi.L:
		return bidi.L
	case bidi.R, bidi.EN, bidi.AN:
		return bidi.R
	}
	return bidi.ON
}

var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«', '⟨': '⟩', '⟩': '⟨'}

// brackets gives both brackets of a pair one direction (rule N0): that of the
// paragraph if anything within has it, else that of what is within if what
// stands before the pair has it too, else that of the paragraph.
func (o *order) brackets(c []bidi.Class) {
	type pair struct{ open, close int }
	var pairs []pair
	var stack []int
	for i, r := range o.words {
		if c[i] != bidi.ON {
			continue
		}
		switch r {
		case '(', '[', '{', '⟨':
			if len(stack) < 63 {
				stack = append(stack, i)
			}
		case ')', ']', '}', '⟩':
			for k := len(stack) - 1; k >= 0; k-- {
				if mirrored[o.words[stack[k]]] == r {
					pairs = append(pairs, pair{stack[k], i})
					stack = stack[:k]
					break
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.open - b.open })
	for _, p := range pairs {
		own, other := false, false
		for _, k := range c[p.open+1 : p.close] {
			switch direction(k) {
			case o.embedding():
				own = true
			case bidi.L, bidi.R:
				other = true
			}
		}
		if !own && !other {
			continue
		}
		to := o.embedding()
		if !own {
			before := o.embedding()
			for k := p.open - 1; k >= 0; k-- {
				if d := direction(c[k]); d != bidi.ON {
					before = d
					break
				}
			}
			to = before
		}
		c[p.open], c[p.close] = to, to
	}
}

// neutral settles what has no direction by what stands around it (N1, N2).
func (o *order) neutral(c []bidi.Class) {
	before := o.embedding()
	for i := 0; i < len(c); i++ {
		if d := direction(c[i]); d != bidi.ON {
			before = d
			continue
		}
		end := i
		for end < len(c) && direction(c[end]) == bidi.ON {
			end++
		}
		after, to := o.embedding(), o.embedding()
		if end < len(c) {
			after = direction(c[end])
		}
		if before == after {
			to = before
		}
		for ; i < end; i++ {
			c[i] = to
		}
		i--
	}
}

// A drawn character is what is seen, and what it is if that is another: a
// bracket among Arabic words is drawn as its mirror.
type drawn struct{ seen, is rune }

// line returns the characters from one to another from left to right as they
// are drawn (rules L1 to L4).
func (o *order) line(from, to int) []drawn {
	levels := slices.Clone(o.levels[from:to])
	words := make([]drawn, to-from)
	for i := range words {
		words[i].seen = o.words[from+i]
	}
	for i := len(words) - 1; i >= 0 && words[i].seen == ' '; i-- {
		levels[i] = o.base
	}
	for i, w := range words {
		if m := mirrored[w.seen]; m != 0 && levels[i]%2 == 1 {
			words[i] = drawn{m, w.seen}
		}
	}
	for level := uint8(2); level > 0; level-- {
		for i := 0; i < len(words); i++ {
			if levels[i] < level {
				continue
			}
			end := i
			for end < len(words) && levels[end] >= level {
				end++
			}
			slices.Reverse(words[i:end])
			i = end
		}
	}
	return words
}

// all returns the whole paragraph as one line.
func (o order) all() []drawn { return o.line(0, len(o.words)) }
