// KEDA's own scalers read the triggers, as its operator does before it scales anything: each line of standard input is
// a trigger, each line of standard output the verdict. Only scalers that connect to nothing while they read.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/go-logr/logr"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"github.com/kedacore/keda/v2/pkg/scalers"
	"github.com/kedacore/keda/v2/pkg/scalers/scalersconfig"
	ctrl "sigs.k8s.io/controller-runtime"
)

type question struct {
	// Kind is ScaledObject or ScaledJob.
	Kind      string                     `json:"kind"`
	Namespace string                     `json:"namespace"`
	Name      string                     `json:"name"`
	Trigger   kedav1alpha1.ScaleTriggers `json:"trigger"`
}

type answer struct {
	Error string `json:"error"`
}

func main() {
	ctrl.SetLogger(logr.Discard())
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		verdict := answer{}
		if err := judge(in.Bytes()); err != nil {
			verdict.Error = err.Error()
		}
		if err := out.Encode(verdict); err != nil {
			fatal(err)
		}
	}
	if err := in.Err(); err != nil {
		fatal(err)
	}
}

func judge(line []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	var q question
	if err := decoder.Decode(&q); err != nil {
		return err
	}
	return read(&scalersconfig.ScalerConfig{
		ScalableObjectName:      q.Name,
		ScalableObjectNamespace: q.Namespace,
		ScalableObjectType:      q.Kind,
		GlobalHTTPTimeout:       3 * time.Second,
		TriggerName:             q.Trigger.Name,
		TriggerType:             q.Trigger.Type,
		TriggerMetadata:         q.Trigger.Metadata,
		TriggerUseCachedMetrics: q.Trigger.UseCachedMetrics,
		MetricType:              q.Trigger.MetricType,
		ResolvedEnv:             map[string]string{},
		AuthParams:              map[string]string{},
	})
}

func read(config *scalersconfig.ScalerConfig) error {
	var err error
	switch config.TriggerType {
	case "external-push":
		// A ScaledJob does not use pushes.
		if config.ScalableObjectType == "ScaledJob" {
			return fmt.Errorf("a ScaledJob cannot be pushed")
		}
		_, err = scalers.NewExternalPushScaler(config)
	case "metrics-api":
		// The client is for a parameter that the library does not write.
		_, err = scalers.NewMetricsAPIScaler(config, nil)
	case "cron":
		_, err = scalers.NewCronScaler(config)
	case "prometheus":
		_, err = scalers.NewPrometheusScaler(config)
	default:
		err = fmt.Errorf("no question for this judge: %s", config.TriggerType)
	}
	return err
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
