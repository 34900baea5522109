// Says which of Kubernetes' Pod Security Standards a pod passes: each line of standard input is the spec of a pod, each
// line of standard output the levels that it passes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type answer struct {
	Baseline   bool   `json:"baseline"`
	Restricted bool   `json:"restricted"`
	Why        string `json:"why"`
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fatal(err)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var spec corev1.PodSpec
		if err := json.Unmarshal(in.Bytes(), &spec); err != nil {
			fatal(err)
		}
		baseline := passes(evaluator, api.LevelBaseline, &spec)
		restricted := passes(evaluator, api.LevelRestricted, &spec)
		verdict := answer{Baseline: baseline.Allowed, Restricted: restricted.Allowed, Why: restricted.ForbiddenDetail()}
		if err := out.Encode(verdict); err != nil {
			fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		fatal(err)
	}
}

func passes(evaluator policy.Evaluator, level api.Level, spec *corev1.PodSpec) policy.AggregateCheckResult {
	version := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	return policy.AggregateCheckResults(evaluator.EvaluatePod(version, &metav1.ObjectMeta{}, spec))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
