package bargain

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"parley/internal/certificate"
)

// cpu is the time this program has computed so far; on a machine shared with
// others it says more than a clock.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// spread times f once for each of the problems and reports the median, the
// 99th percentile and the largest in milliseconds of processor time.
func spread(b *testing.B, problems []*Problem, f func(*Problem)) {
	b.Helper()
	for b.Loop() {
		ms := make([]float64, len(problems))
		for i, p := range problems {
			start := cpu()
			f(p)
			ms[i] = float64(cpu()-start) / 1e6
		}
		slices.Sort(ms)
		b.ReportMetric(ms[len(ms)/2], "ms-median")
		b.ReportMetric(ms[len(ms)*99/100], "ms-p99")
		b.ReportMetric(ms[len(ms)-1], "ms-max")
	}
}

const seeds = 200

// many makes 200 negotiations, every second one with all issues opposed
// unless style says 'u' (none) or 'o' (all).
func many(b *testing.B, k kind, style byte) []*Problem {
	b.Helper()
	var ps []*Problem
	for seed := range uint64(seeds) {
		k.opposed = style == 'o' || style != 'u' && seed%2 == 1
		ps = append(ps, k.made(b, seed))
	}
	for _, p := range ps {
		if _, err := p.space(context.Background(), Options{}); err != nil {
			b.Fatal(err)
		}
	}
	return ps
}

func BenchmarkFrontier2(b *testing.B) {
	for name, style := range map[string]byte{"random": 'u', "opposed": 'o'} {
		b.Run(name, func(b *testing.B) {
			ps := many(b, kind{parties: 2, issues: 60, options: 10, weight: 1000, value: 100, reserve: -1}, style)
			spread(b, ps, func(p *Problem) {
				if f, err := p.Frontier(b.Context(), Region{}, Options{}); err != nil || f.Guarantee.Kind != Exact {
					b.Fatal(f.Guarantee, err)
				}
			})
		})
	}
}

func benchSolve(b *testing.B, obj Objective, parties, issues, options int) {
	ps := many(b, kind{parties: parties, issues: issues, options: options, weight: 1000, value: 100, reserve: 0.2}, 'h')
	open := 0
	spread(b, ps, func(p *Problem) {
		sol, err := p.Solve(b.Context(), obj, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if sol.Guarantee.Kind != Exact {
			open++
		}
	})
	b.ReportMetric(float64(open), "unproved")
}

func BenchmarkNash(b *testing.B) {
	for n := 2; n <= 8; n++ {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { benchSolve(b, Nash{}, n, 60, 10) })
	}
}

func BenchmarkLeximin(b *testing.B) {
	for n := 2; n <= 5; n++ {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { benchSolve(b, Egalitarian{}, n, 60, 10) })
	}
}

func BenchmarkKalaiSmorodinsky(b *testing.B) {
	for n := 2; n <= 5; n++ {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { benchSolve(b, KalaiSmorodinsky{}, n, 60, 10) })
	}
}

func BenchmarkCover3(b *testing.B) {
	for name, style := range map[string]byte{"random": 'u', "opposed": 'o'} {
		b.Run(name, func(b *testing.B) {
			ps := many(b, kind{parties: 3, issues: 40, options: 5, weight: 1000, value: 100, reserve: 0.3}, style)[:20]
			points := 0
			spread(b, ps, func(p *Problem) {
				f, err := p.Cover(b.Context(), 0.02, p.AboveReserves(), Options{})
				if err != nil || f.Guarantee.Limit != NoLimit {
					b.Fatal(f.Guarantee, err)
				}
				points += len(f.Points)
			})
			b.ReportMetric(float64(points)/float64(len(ps)), "points")
		})
	}
}

func BenchmarkSensitivity(b *testing.B) {
	for n := 2; n <= 5; n++ {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			ps := many(b, kind{parties: n, issues: 40, options: 5, weight: 1000, value: 100, reserve: 0.2}, 'h')[:20]
			for b.Loop() {
				start, samples := cpu(), 0
				for _, p := range ps {
					s, err := p.Sensitivity(b.Context(), Uncertainty{PerMille: 100, Samples: 100, Seed: 1}, Nash{}, Options{})
					if err != nil || s.Unproved > 0 {
						b.Fatal(s, err)
					}
					samples += s.Samples
				}
				b.ReportMetric(float64(samples)/(cpu()-start).Seconds(), "solves/s")
			}
		})
	}
}

// What the independent checker needs for the certificates of large models.
func BenchmarkVerify(b *testing.B) {
	for n := 2; n <= 8; n += 3 {
		b.Run(fmt.Sprintf("nash/n=%d", n), func(b *testing.B) {
			ps := many(b, kind{parties: n, issues: 60, options: 10, weight: 1000, value: 100, reserve: 0.2}, 'h')[:40]
			proofs := map[*Problem]*certificate.Proof{}
			for _, p := range ps {
				sol, err := p.Solve(b.Context(), Nash{}, Options{})
				if err != nil {
					b.Fatal(err)
				}
				proofs[p] = sol.Guarantee.Proof
			}
			unfinished := 0
			spread(b, ps, func(p *Problem) {
				if err := certificate.Verify(b.Context(), p.Tables(), proofs[p], 0); err != nil {
					unfinished++
				}
			})
			b.ReportMetric(float64(unfinished), "refused")
		})
	}
}
