package bargain

import "fmt"

// Fault names what is wrong with a model, so that a surface can phrase it.
type Fault string

// The faults.
const (
	BadTemplate Fault = "bad-template" // parties, issues, options or rules do not fit together
	BadScoring  Fault = "bad-scoring"  // a scoring does not fit its template
	TooFine     Fault = "too-fine"     // the numbers need more than 62 bits
	TooLarge    Fault = "too-large"    // more deals, partial deals or memory than a method can bear
	NoDeal      Fault = "no-deal"      // the rules allow no deal at all
)

// Refusal is why a model or a question was not accepted: what was wrong,
// where, and what to do, in one sentence.
type Refusal struct {
	Fault  Fault
	Party  string // ids of what it is about; may be empty
	Issue  string
	Option string
	Why    string
}

func (r *Refusal) Error() string { return r.Why }

func badTemplate(issue, option, format string, args ...any) error {
	return &Refusal{Fault: BadTemplate, Issue: issue, Option: option, Why: fmt.Sprintf(format, args...)}
}

func badScoring(party, issue, option, format string, args ...any) error {
	return &Refusal{Fault: BadScoring, Party: party, Issue: issue, Option: option,
		Why: fmt.Sprintf("scoring of %q: ", party) + fmt.Sprintf(format, args...)}
}
