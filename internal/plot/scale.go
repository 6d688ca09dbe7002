package plot

import (
	"math"
	"strconv"
)

// scale maps values to pixels; lo stands at a, hi at b.
type scale struct{ lo, hi, a, b float64 }

func (s scale) at(v float64) float64 { return s.a + (v-s.lo)/(s.hi-s.lo)*(s.b-s.a) }

// span settles the bounds of an axis: the caller's where given, widened to hold every value, never empty.
func span(min, max float64, values func(yield func(float64))) (lo, hi float64) {
	lo, hi = min, max
	first := min == 0 && max == 0
	values(func(v float64) {
		if first {
			lo, hi, first = v, v, false
		}
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	})
	if lo == hi {
		pad := math.Max(math.Abs(lo)*0.5, 0.5)
		lo, hi = lo-pad, hi+pad
	}
	if min == 0 && max == 0 {
		// Bounds taken from points are moved out to the next round number, so that no point lies on the frame's corner.
		step := niceStep(lo, hi, 5)
		lo, hi = math.Floor(lo/step)*step, math.Ceil(hi/step)*step
	}
	return lo, hi
}

// niceStep returns 1, 2 or 5 times a power of ten, so that about n steps span lo to hi.
func niceStep(lo, hi float64, n int) float64 {
	raw := (hi - lo) / float64(n)
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	switch f := raw / p; {
	case f <= 1.0001:
		return p
	case f <= 2.0001:
		return 2 * p
	case f <= 5.0001:
		return 5 * p
	}
	return 10 * p
}

type tick struct {
	v    float64
	text string
}

// ticks returns the round values from lo to hi with the fewest decimals that tell them apart.
func ticks(lo, hi float64, n int) []tick {
	step := niceStep(lo, hi, n)
	decimals := 0
	if e := math.Floor(math.Log10(step) + 1e-9); e < 0 {
		decimals = int(-e)
	}
	var out []tick
	first := math.Ceil(lo/step - 1e-9)
	for i := 0.0; i < 100; i++ {
		v := (first + i) * step
		if v > hi+step*1e-9 {
			break
		}
		if v == 0 {
			v = 0 // no minus zero
		}
		text := strconv.FormatFloat(v, 'f', decimals, 64)
		if decimals > 4 || math.Max(math.Abs(lo), math.Abs(hi)) >= 1e6 {
			text = strconv.FormatFloat(v, 'g', 4, 64)
		}
		out = append(out, tick{v, minus(text)})
	}
	return out
}

// minus sets a true minus sign.
func minus(s string) string {
	if len(s) > 1 && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}

// short writes a value with as many decimals as a reader of this range needs, and with fewer digits where the room, as
// measured by width, is small.
func short(v, lo, hi, room float64, width func(string) float64) string {
	d := int(math.Min(6, math.Max(0, 1-math.Floor(math.Log10(hi-lo)))))
	s := minus(strconv.FormatFloat(v, 'f', d, 64))
	for digits := 3; digits > 0 && width(s) > room; digits-- {
		s = minus(strconv.FormatFloat(v, 'g', digits, 64))
	}
	return s
}
