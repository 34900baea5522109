// KEDA's own scalers read the triggers, as its operator does before it scales anything: each line of standard input is
// a trigger, each line of standard output the verdict, in order.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
	_ "unsafe" // for the name below

	"github.com/go-logr/logr"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"github.com/kedacore/keda/v2/pkg/scalers"
	"github.com/kedacore/keda/v2/pkg/scalers/scalersconfig"
	_ "github.com/kedacore/keda/v2/pkg/scaling" // has it
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A broker that is not here is refused at once; what takes longer waits for one that never answers.
const patience = time.Second

// How many triggers are read at a time.
const atOnce = 32

type question struct {
	// Kind is ScaledObject or ScaledJob.
	Kind      string                     `json:"kind"`
	Namespace string                     `json:"namespace"`
	Name      string                     `json:"name"`
	Trigger   kedav1alpha1.ScaleTriggers `json:"trigger"`
	// Environment has the variables of the container.
	Environment map[string]string `json:"environment"`
	// Parameters come from a TriggerAuthentication.
	Parameters map[string]string `json:"parameters"`
}

type answer struct {
	Error string `json:"error"`
}

// What KEDA's operator calls for every trigger; its package keeps the name to itself.
//
//go:linkname buildScaler github.com/kedacore/keda/v2/pkg/scaling.buildScaler
func buildScaler(ctx context.Context, client client.Client, triggerType string, config *scalersconfig.ScalerConfig) (scalers.Scaler, error)

func main() {
	ctrl.SetLogger(logr.Discard())
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	waiting := make(chan chan error, atOnce)
	written := make(chan struct{})
	go func() {
		defer close(written)
		out := json.NewEncoder(os.Stdout)
		for each := range waiting {
			verdict := answer{}
			if err := <-each; err != nil {
				verdict.Error = err.Error()
			}
			if err := out.Encode(verdict); err != nil {
				fatal(err)
			}
		}
	}()
	for in.Scan() {
		line := bytes.Clone(in.Bytes())
		verdict := make(chan error, 1)
		waiting <- verdict
		go func() { verdict <- judge(line) }()
	}
	close(waiting)
	<-written
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
	// A ScaledJob does not use pushes.
	if q.Kind == "ScaledJob" && q.Trigger.Type == "external-push" {
		return fmt.Errorf("a ScaledJob cannot be pushed")
	}
	read := make(chan error, 1)
	go func() { read <- build(q) }()
	select {
	case err := <-read:
		return err
	case <-time.After(patience):
		return fmt.Errorf("connecting: no answer in %s", patience)
	}
}

func build(q question) (err error) {
	// The client that the operator would have is for what scalers read later.
	defer func() {
		if stopped := recover(); stopped != nil {
			err = fmt.Errorf("panic: %v", stopped)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	config := &scalersconfig.ScalerConfig{
		ScalableObjectName:      q.Name,
		ScalableObjectNamespace: q.Namespace,
		ScalableObjectType:      q.Kind,
		GlobalHTTPTimeout:       3 * time.Second,
		TriggerName:             q.Trigger.Name,
		TriggerType:             q.Trigger.Type,
		TriggerMetadata:         q.Trigger.Metadata,
		TriggerUseCachedMetrics: q.Trigger.UseCachedMetrics,
		MetricType:              q.Trigger.MetricType,
		ResolvedEnv:             given(q.Environment),
		AuthParams:              given(q.Parameters),
	}
	scaler, err := buildScaler(ctx, nil, q.Trigger.Type, config)
	if err == nil {
		_ = scaler.Close(ctx)
	}
	return err
}

func given(values map[string]string) map[string]string {
	if values == nil {
		return map[string]string{}
	}
	return values
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
