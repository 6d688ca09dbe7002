package bargain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// kind of made-up negotiation.
type kind struct {
	parties, issues, options int
	opposed                  bool // every issue is a price, parties pull apart
	weight, value            int  // largest weight and value
	reserve                  float64
}

// tables makes the scorings of a negotiation by chance: weights exponential
// and normalised, values either independent or along a bent price axis.
func (k kind) tables(r *rand.Rand) (Template, []Scoring) {
	t := Template{ID: "made"}
	for i := range k.issues {
		is := Issue{ID: fmt.Sprintf("i%d", i)}
		for o := range k.options {
			is.Options = append(is.Options, Option{ID: fmt.Sprintf("o%d", o)})
		}
		t.Issues = append(t.Issues, is)
	}
	var all []Scoring
	for q := range k.parties {
		t.Parties = append(t.Parties, Party{ID: fmt.Sprintf("p%d", q)})
		all = append(all, k.scoring(r, t, q))
	}
	return t, all
}

func (k kind) scoring(r *rand.Rand, t Template, q int) Scoring {
	s := Scoring{Party: t.Parties[q].ID, Weights: map[string]Number{}, Values: map[string]map[string]Number{}}
	w := make([]float64, k.issues)
	sum, best := 0.0, int64(0)
	for i := range w {
		w[i] = r.ExpFloat64()
		sum += w[i]
	}
	for i, is := range t.Issues {
		weight := int64(math.Round(w[i] / sum * float64(k.weight)))
		vs, top := map[string]Number{}, int64(0)
		bend, up := math.Exp(r.NormFloat64()*0.5), (q+i)%2 == 0
		if k.parties > 2 {
			up = r.IntN(2) == 0
		}
		for o, op := range is.Options {
			v := r.Int64N(int64(k.value) + 1)
			if k.opposed {
				x := float64(o) / math.Max(1, float64(k.options-1))
				if !up {
					x = 1 - x
				}
				v = int64(math.Round(math.Pow(x, bend) * float64(k.value)))
			}
			vs[op.ID], top = Whole(v), max(top, v)
		}
		s.Weights[is.ID], s.Values[is.ID] = Whole(weight), vs
		best += weight * top
	}
	if k.reserve >= 0 {
		v := Whole(int64(float64(best) * k.reserve))
		s.Reservation = &v
	}
	return s
}

func (k kind) made(t testing.TB, seed uint64) *Problem {
	t.Helper()
	p, err := Compile(k.tables(rand.New(rand.NewPCG(seed, 7))))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
