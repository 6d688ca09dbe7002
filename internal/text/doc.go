// Package text is the one negotiating text: clauses, the brackets in them, who
// wants which option, what is reserved and how far agreement has come; how
// such a text is written and read; and the rules by which it changes.
//
// A [Text] is what stands on the page. It is a list of clauses in the order of
// reading, whose kinds say how deep they stand; the body of a clause is words
// and choices, and a choice has options, each again words and choices or no
// text at all. A [Draft] is a text under negotiation: who holds the pen, which
// revisions were frozen, what is proposed for which bracket.
//
// [Parse] reads the conventions that delegations type and never fails: what it
// cannot make sense of stays in the text as words, with a [Warning] at line
// and column. [Print] writes them. What Parse made of a source, Print writes
// so that Parse makes the same of it again, and what Print wrote, Parse and
// Print give back to the letter.
//
// An [Act] is ruled on by its method Decide, which changes nothing and either
// refuses, citing a rule of docs/rules.md (70 to 99), or says what follows as
// [Change]s; [Draft.Apply] brings a draft up to date and cannot refuse. The
// pen-holder never deletes a party's option without that party, and nobody
// agrees for a party but itself. Which seat may do which act, and whose powers
// suffice, is for talks and room, which wrap these acts; paper reads and
// writes other formats. Everything shown of a text (readings, differences,
// tables, counts) is derived here on demand and stored nowhere.
//
// The package is pure: no clock, no chance, no input or output.
//
// # How a text is written
//
// One block is one clause. A blank line, or a line that begins like a clause,
// begins the next.
//
//	# Treaty on the Lake          the title, once, at the top
//	Part II. Use                  also Chapter, Section, Annex, Preamble, in
//	Article 3 bis. Closed season  several languages; the heading may follow on
//	                              the next line
//	## Final clauses              any other heading
//	1. words                      a paragraph; also 1), 1.2, 1 bis., 12A.
//	  (a) words                   a point; within it (i), indented by four
//	- words                       an item of a list
//	words                         an unnumbered paragraph
//
// Within a clause:
//
//	[text]                        not agreed, may be deleted
//	[a][b], [a] [b]               alternatives
//	[a / b], [a/b]                alternatives too
//	[RU: text], [RU, UA: text]    who proposed; who joined
//	[text (+EU, NO; -BR)]         who supports, who opposes
//	[no text]                     the option to have nothing
//	[a [b][c]]                    brackets in brackets
//	{RU: text} {UA: text}         agreed to differ: both readings stand
//	{}                            nothing; keeps [a]{}[b] from being alternatives
//	words[^1]                     a footnote, whose words follow in a block
//	                              [^1]: words
//	[^2]: RU: scrutiny reserve, until the annex is settled
//	                              a reserve on the clause or option it marks
//	\[ \] \{ \} \/ \( \\          the character itself; before anything else a
//	                              backslash at the beginning of a clause or an
//	                              option keeps it from being read as a mark
//
// A clause may be a choice of paragraphs:
//
//	Option 1: RU: words           or Alt 1
//	Option 2: no text
//
// and lines after it say where it stands:
//
//	> agreed ad ref               or under discussion, agreed, initialled, authenticated
//	> assent: RU ad ref if 3.1, 4; UA
//	> for leaders
//	> defines: Lake; Abstraction
//	> note MEDIATION: words       or note MEDIATION to mediation, party:ru: words
package text
