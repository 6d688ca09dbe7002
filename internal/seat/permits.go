package seat

import (
	"maps"
	"slices"
)

// permits is the one table of who may do what, act by act. What else an act
// needs (the floor, a meeting in session) is for the talks to decide; what a
// seat is never entitled to stops here.
var permits = map[string][]Role{
	"convene": {Convener},

	"admit-party":      {Mediator},
	"name-party":       {Head},
	"name-mediator":    {Mediator},
	"name-team-member": {Mediator},
	"name-chair":       {Mediator, Chair},
	"name-host":        {Mediator},
	"accredit":         {Mediator, Head},
	"accredit-list":    {Mediator, Head},
	"admit-observer":   {Mediator},
	"arrange-venue":    {Mediator},
	"close-talks":      {Mediator},

	"open-round":            {Mediator, Chair},
	"close-round":           {Mediator, Chair},
	"open-meeting":          {Chair},
	"suspend-meeting":       {Chair},
	"resume-meeting":        {Chair},
	"adjourn-meeting":       {Chair},
	"record-differing-time": {Head, Delegate},
	"arrive":                {Mediator, Team, Chair, Head, Delegate, Adviser, Observer, Guarantor},
	"leave":                 {Mediator, Team, Chair, Head, Delegate, Adviser, Observer, Guarantor},
	"set-part":              {Chair},

	"ask-for-floor":        {Mediator, Chair, Head, Delegate},
	"ask-for-reply":        {Head, Delegate},
	"give-floor":           {Chair},
	"yield-floor":          {Mediator, Chair, Head, Delegate},
	"set-time-limit":       {Chair},
	"speak":                {Mediator, Chair, Head, Delegate},
	"raise-point-of-order": {Head, Delegate},
	"rule-on-point":        {Chair},
	"correct":              {Mediator, Chair, Head, Delegate},

	"announce":              {Mediator},
	"publish":               {Mediator, Chair, Head},
	"issue-holding-line":    {Mediator, Chair, Head},
	"withdraw-holding-line": {Mediator, Chair, Head},

	"pass-note":    {Head, Delegate},
	"seat-capital": {Head},

	"expect":                 {Mediator, Team, Head},
	"note-absence":           {Mediator, Team, Head},
	"link-earlier":           {Mediator, Team},
	"record-outside":         {Mediator, Team},
	"record-side-meeting":    {Mediator, Team},
	"request-observer":       {Mediator, Team},
	"rule-on-request":        {Mediator},
	"open-track":             {Mediator},
	"propose-modality":       {Mediator, Head},
	"agree-modality":         {Head},
	"disclose":               {Mediator},
	"acknowledge-disclosure": {Head},
	"attach":                 {Mediator, Team, Chair, Head, Delegate},
	"ask-destruction":        {Mediator, Head},
	"agree-destruction":      {Mediator, Head},

	"form-room":       {Mediator},
	"say-in-room":     {Mediator, Team, Head, Delegate, Adviser, Capital},
	"note-deadline":   {Mediator, Team},
	"strike-deadline": {Mediator, Team},
	"log-contact":     {Mediator, Team},
	"object":          {Head},
	"attach-in-room":  {Mediator, Team, Head, Delegate, Adviser, Capital},

	"release":       {Mediator, Team, Head, Capital},
	"carry":         {Mediator, Team},
	"retract":       {Mediator, Team, Head, Capital},
	"ask-sealed":    {Mediator},
	"answer-sealed": {Head, Capital},
	"instruct":      {Head, Capital},

	// Acts on texts: what each side may do to a text, package text rules.
	"table-text":                  {Mediator, Team, Chair, Head, Delegate},
	"revise":                      {Mediator, Team, Chair, Head, Delegate},
	"add-clause":                  {Mediator, Team, Chair, Head, Delegate},
	"strike-clause":               {Mediator, Team, Chair, Head, Delegate},
	"bracket-words":               {Mediator, Team, Chair, Head, Delegate},
	"offer-option":                {Mediator, Team, Chair, Head, Delegate},
	"support-option":              {Mediator, Team, Chair, Head, Delegate},
	"oppose-option":               {Mediator, Team, Chair, Head, Delegate},
	"withdraw-option":             {Mediator, Team, Chair, Head, Delegate},
	"reserve":                     {Mediator, Team, Chair, Head, Delegate},
	"lift-reserve":                {Mediator, Team, Chair, Head, Delegate},
	"merge-options":               {Mediator, Team, Chair, Head, Delegate},
	"annotate":                    {Mediator, Team, Chair, Head, Delegate},
	"renumber":                    {Mediator, Team, Chair, Head, Delegate},
	"propose-lift":                {Mediator, Team, Chair, Head, Delegate},
	"agree-to-lift":               {Mediator, Team, Chair, Head, Delegate},
	"decline-lift":                {Mediator, Team, Chair, Head, Delegate},
	"agree-ad-referendum":         {Mediator, Team, Chair, Head, Delegate},
	"confirm":                     {Mediator, Team, Chair, Head, Delegate},
	"disavow":                     {Mediator, Team, Chair, Head, Delegate},
	"reopen":                      {Mediator, Team, Chair, Head, Delegate},
	"mark-for-leaders":            {Mediator, Team, Chair, Head, Delegate},
	"freeze":                      {Mediator, Team, Chair, Head, Delegate},
	"take-pen":                    {Mediator, Team, Chair, Head, Delegate},
	"hand-pen":                    {Mediator, Team, Chair, Head, Delegate},
	"show-sides":                  {Mediator, Team, Chair, Head, Delegate},
	"table-text-in-room":          {Mediator, Team, Chair, Head, Delegate},
	"revise-in-room":              {Mediator, Team, Chair, Head, Delegate},
	"add-clause-in-room":          {Mediator, Team, Chair, Head, Delegate},
	"strike-clause-in-room":       {Mediator, Team, Chair, Head, Delegate},
	"bracket-words-in-room":       {Mediator, Team, Chair, Head, Delegate},
	"offer-option-in-room":        {Mediator, Team, Chair, Head, Delegate},
	"support-option-in-room":      {Mediator, Team, Chair, Head, Delegate},
	"oppose-option-in-room":       {Mediator, Team, Chair, Head, Delegate},
	"withdraw-option-in-room":     {Mediator, Team, Chair, Head, Delegate},
	"reserve-in-room":             {Mediator, Team, Chair, Head, Delegate},
	"lift-reserve-in-room":        {Mediator, Team, Chair, Head, Delegate},
	"merge-options-in-room":       {Mediator, Team, Chair, Head, Delegate},
	"annotate-in-room":            {Mediator, Team, Chair, Head, Delegate},
	"renumber-in-room":            {Mediator, Team, Chair, Head, Delegate},
	"propose-lift-in-room":        {Mediator, Team, Chair, Head, Delegate},
	"agree-to-lift-in-room":       {Mediator, Team, Chair, Head, Delegate},
	"decline-lift-in-room":        {Mediator, Team, Chair, Head, Delegate},
	"agree-ad-referendum-in-room": {Mediator, Team, Chair, Head, Delegate},
	"confirm-in-room":             {Mediator, Team, Chair, Head, Delegate},
	"disavow-in-room":             {Mediator, Team, Chair, Head, Delegate},
	"reopen-in-room":              {Mediator, Team, Chair, Head, Delegate},
	"mark-for-leaders-in-room":    {Mediator, Team, Chair, Head, Delegate},
	"freeze-in-room":              {Mediator, Team, Chair, Head, Delegate},
	"take-pen-in-room":            {Mediator, Team, Chair, Head, Delegate},
	"hand-pen-in-room":            {Mediator, Team, Chair, Head, Delegate},
	"show-sides-in-room":          {Mediator, Team, Chair, Head, Delegate},

	// What time does by itself is entered by the secretariat's clock.
	"let-holding-line-lapse": {Secretariat},
	"note-time-limit":        {Secretariat},
	"enter-anchors":          {Secretariat},
	"open-sealed":            {Secretariat},
}

// Permits reports whether a seat may ever do an act.
func (s Seat) Permits(act string) bool { return s.Is(permits[act]...) }

// Permitted returns the acts in the table, in order of name.
func Permitted() []string { return slices.Sorted(maps.Keys(permits)) }
