package bargain

import (
	"fmt"
	"math/big"
	"strings"
)

// Number is an exact rational: a weight, a value, a reservation value. Its
// zero value is 0. Numbers are immutable; copying one is safe.
//
// Numbers are read from decimals ("0.35", "1e-3") or fractions ("2/15") and
// written back as the shortest exact decimal, or as a fraction where no
// decimal is exact.
type Number struct{ r *big.Rat }

// Bounds on what ParseNumber reads, so that a hostile file cannot make a
// number that fills the memory.
const (
	maxNumberBytes    = 80
	maxNumberExponent = 60
)

// ParseNumber reads a decimal, with or without exponent, or a fraction of two
// whole numbers. It refuses NaN, infinities, hexadecimal, underscores, more
// than 80 bytes and exponents beyond 60.
func ParseNumber(s string) (Number, error) {
	t := strings.TrimSpace(s)
	if t == "" {
		return Number{}, fmt.Errorf("a number is missing: the text is empty")
	}
	if len(t) > maxNumberBytes {
		return Number{}, fmt.Errorf("the number %q… is longer than %d characters; round it first", t[:20], maxNumberBytes)
	}
	if !plainNumber(t) {
		return Number{}, fmt.Errorf("%q is not a number; write a decimal such as 0.35 or a fraction such as 2/15", t)
	}
	if i := strings.IndexAny(t, "eE"); i >= 0 {
		var e int
		if _, err := fmt.Sscanf(t[i+1:], "%d", &e); err != nil || e > maxNumberExponent || e < -maxNumberExponent {
			return Number{}, fmt.Errorf("the exponent of %q lies outside ±%d", t, maxNumberExponent)
		}
	}
	r, ok := new(big.Rat).SetString(t)
	if !ok {
		return Number{}, fmt.Errorf("%q is not a number; write a decimal such as 0.35 or a fraction such as 2/15", t)
	}
	return Number{r}, nil
}

// plainNumber admits only the characters of decimals and fractions, because
// big.Rat would also read hexadecimal, binary exponents and underscores.
func plainNumber(s string) bool {
	slash, exp := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.':
		case c == '+' || c == '-':
			if i > 0 && s[i-1] != 'e' && s[i-1] != 'E' {
				return false
			}
		case c == 'e' || c == 'E':
			if exp || i == 0 {
				return false
			}
			exp = true
		case c == '/':
			if slash {
				return false
			}
			slash = true
		default:
			return false
		}
	}
	return !(slash && (exp || strings.Contains(s, ".")))
}

// MustNumber is ParseNumber for constants in code and tests; it panics.
func MustNumber(s string) Number {
	n, err := ParseNumber(s)
	if err != nil {
		panic("bargain: " + err.Error())
	}
	return n
}

// Whole is the whole number n.
func Whole(n int64) Number { return Number{new(big.Rat).SetInt64(n)} }

// Ratio is num/den. den must not be 0.
func Ratio(num, den int64) Number { return Number{big.NewRat(num, den)} }

// FromRat copies r.
func FromRat(r *big.Rat) Number { return Number{new(big.Rat).Set(r)} }

var zeroRat = new(big.Rat)

func (n Number) rat() *big.Rat {
	if n.r == nil {
		return zeroRat
	}
	return n.r
}

// Rat returns a copy of the number as a big.Rat.
func (n Number) Rat() *big.Rat { return new(big.Rat).Set(n.rat()) }

// Float is the nearest float64, for drawing only; nothing is decided by it.
func (n Number) Float() float64 { f, _ := n.rat().Float64(); return f }

// Sign is -1, 0 or +1.
func (n Number) Sign() int { return n.rat().Sign() }

// Cmp compares n with m: -1, 0 or +1.
func (n Number) Cmp(m Number) int { return n.rat().Cmp(m.rat()) }

// Equal says whether n and m are the same number.
func (n Number) Equal(m Number) bool { return n.Cmp(m) == 0 }

// Add is n+m.
func (n Number) Add(m Number) Number { return Number{new(big.Rat).Add(n.rat(), m.rat())} }

// Sub is n-m.
func (n Number) Sub(m Number) Number { return Number{new(big.Rat).Sub(n.rat(), m.rat())} }

// Mul is n·m.
func (n Number) Mul(m Number) Number { return Number{new(big.Rat).Mul(n.rat(), m.rat())} }

// Quo is n/m. m must not be 0.
func (n Number) Quo(m Number) Number { return Number{new(big.Rat).Quo(n.rat(), m.rat())} }

// String is the shortest exact decimal, or a fraction where there is none.
func (n Number) String() string {
	r := n.rat()
	if r.IsInt() {
		return r.Num().String()
	}
	prec, exact := r.FloatPrec()
	if !exact {
		return r.RatString()
	}
	return r.FloatString(prec)
}

// MarshalText writes the number as String does.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads the number as ParseNumber does.
func (n *Number) UnmarshalText(b []byte) error {
	m, err := ParseNumber(string(b))
	if err == nil {
		*n = m
	}
	return err
}
