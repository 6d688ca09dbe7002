package certificate

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// Two issues between a buyer and a seller, each with two options.
func house() *Tables {
	return &Tables{Parties: 2, Offset: []int64{0, 0}, Values: [][]int64{
		{10, 0, 0, 6}, // price: low, high
		{3, 5, 7, 1},  // date: soon, late
	}}
}

// The four deals give (13,5), (17,1), (3,11), (7,7): the product is largest
// with low and soon, 65, and the least gain with high and late, 7.
func product(deal ...uint16) *Proof {
	return (&Proof{Tables: house().Digest(), Question: Question{Aim: Product, Weights: []int64{1, 1}}, Deal: deal, Exact: true, Prices: []int64{5, 13}}).Close()
}

func least(deal ...uint16) *Proof {
	return (&Proof{Tables: house().Digest(), Question: Question{Aim: Least, Scale: []int64{1, 1}}, Deal: deal, Exact: true, Prices: []int64{1, 1}}).Close()
}

func TestTrueClaimsAreAccepted(t *testing.T) {
	sum := (&Proof{Tables: house().Digest(), Question: Question{Aim: Sum, Weights: []int64{1, 1}, Floors: []int64{0, 6}},
		Deal: []uint16{1, 0}, Exact: true, Prices: []int64{1, 2}}).Close()
	bound := (&Proof{Tables: house().Digest(), Question: Question{Aim: Least, Scale: []int64{1, 1}}, Bound: big.NewRat(9, 1), Prices: []int64{1, 1}}).Close()
	for name, p := range map[string]*Proof{"product": product(0, 0), "least": least(1, 1), "sum": sum, "bound": bound} {
		if err := Verify(t.Context(), house(), p, 0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFalseClaimsAreRefused(t *testing.T) {
	low := (&Proof{Tables: house().Digest(), Question: Question{Aim: Least, Scale: []int64{1, 1}}, Bound: big.NewRat(8, 1), Prices: []int64{1, 1}}).Close()
	nothing := (&Proof{Tables: house().Digest(), Question: Question{Aim: Least, Scale: []int64{1, 1}}, Prices: []int64{1, 1}}).Close()
	free := product(0, 0)
	free.Prices = []int64{0, 0}
	free.Close()
	scales := least(1, 1)
	scales.Scales = []*Proof{nil, product(0, 0)}
	for name, p := range map[string]*Proof{
		"another product": product(1, 1), "another least": least(0, 0), "no such option": product(0, 9), "half a deal": product(0),
		"bound too low": low, "no claim": nothing, "no prices": free, "proofs of scale that are none": scales,
	} {
		var r *Refused
		if err := Verify(t.Context(), house(), p, 0); !errors.As(err, &r) || r.Why == "" {
			t.Errorf("%s was not refused: %v", name, err)
		}
	}
}

func TestAProofOfOtherTablesIsRefused(t *testing.T) {
	other := house()
	other.Values[1][0]++
	if err := Verify(t.Context(), other, product(0, 0), 0); err == nil || !strings.Contains(err.Error(), "other tables") {
		t.Error(err)
	}
}

func TestEveryFlippedByteOfAProofIsRefused(t *testing.T) {
	whole, err := json.Marshal(least(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 1
		var p Proof
		if json.Unmarshal(bad, &p) != nil {
			continue
		}
		if again, _ := json.Marshal(&p); string(again) == string(whole) {
			continue // the same proof in other letters
		}
		if Verify(t.Context(), house(), &p, 0) == nil {
			t.Fatalf("with byte %d flipped it was accepted: %s", i, bad)
		}
	}
}

func TestTheCheckerStopsWhenToldTo(t *testing.T) {
	tables := &Tables{Parties: 2, Offset: []int64{0, 0}}
	for range 40 {
		tables.Values = append(tables.Values, []int64{1, 2, 2, 1})
	}
	deal := make([]uint16, 40)
	for i := range 20 {
		deal[i] = 1
	}
	p := (&Proof{Tables: tables.Digest(), Question: Question{Aim: Least, Scale: []int64{1, 1}}, Deal: deal, Exact: true, Prices: []int64{1, 1}}).Close()
	var r *Refused
	if err := Verify(t.Context(), tables, p, 10_000); !errors.As(err, &r) || !r.Unfinished {
		t.Errorf("with few steps: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Verify(ended, tables, p, 0); !errors.As(err, &r) || !r.Unfinished {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTablesThatWouldOverflowAreRefused(t *testing.T) {
	tables := &Tables{Parties: 1, Offset: []int64{1 << 61}, Values: [][]int64{{1 << 61}}}
	p := (&Proof{Tables: tables.Digest(), Question: Question{Aim: Sum, Weights: []int64{1}}, Deal: []uint16{0}, Exact: true, Prices: []int64{1}}).Close()
	if err := Verify(t.Context(), tables, p, 0); err == nil || !strings.Contains(err.Error(), "62 bits") {
		t.Error(err)
	}
}
