/** What happens to an event, without a cluster. */
import type { IConstruct } from 'constructs';
import type { EventOutcome } from './choices';
import type { JsonObject } from './private/kubernetes/json';
import { checkEvent, checkPubSub, checkTopicName, cloudEvent, deliver } from './private/simulate/deliver';
import { neighbourhoodOf } from './private/tree/surroundings';
import { takesTopic } from './private/wiring/brokers';
import type { EventDelivery } from './simulated-event';

/**
 * Says which functions get an event, by the decisions from which the manifests are made, and by which routing rule.
 *
 * Routing rules are evaluated as Dapr does it. The outcome is `UNKNOWN` where a rule has something that is not known
 * here, such as the time functions of CEL.
 *
 * @example
 * const [delivery] = EventSimulation.of(app).publish('events', 'placed', { type: 'order.placed' });
 */
export class EventSimulation {
  /**
   * Of the functions below a construct.
   *
   * @param scope an app, a chart, a function or any other construct
   */
  public static of(scope: IConstruct): EventSimulation {
    return new EventSimulation(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Publishes an event, which changes nothing.
   *
   * @param component name of the pub/sub component, of its `Component` object or as a function calls its own
   * @param topic name of the topic
   * @param event attributes of the CloudEvent that differ from what Dapr sets, such as `type`, `source` or `data`
   * @returns a delivery for each subscription of the topic, in the order of the functions; none if nobody subscribes.
   * Throws where the component is a binding or a state here, or a function or a topic; where it or the topic has nearly
   * the name of one to which a function here subscribes, or an attribute nearly that of one of CloudEvents.
   */
  public publish(component: string, topic: string, event: { [attribute: string]: unknown } = {}): EventDelivery[] {
    checkEvent(event);
    const { root } = this.scope.node;
    const neighbourhood = neighbourhoodOf(root);
    neighbourhood.scan(root);
    const whole = cloudEvent(component, topic, JSON.parse(JSON.stringify(event)) as JsonObject);
    const plans = [...neighbourhood.wired().functions].map(([construct, { plan }]) => ({ construct, plan }))
      .filter(({ construct, plan }) => construct.node.scopes.includes(this.scope) && plan.dapr.mode !== 'off');
    checkPubSub(component, plans.map(({ plan }) => plan));
    const deliveries = plans.flatMap(({ plan }) => {
      const mine = plan.components.triggers.filter((trigger) => trigger.block === 'pubsub'
        && [trigger.key, trigger.componentName].includes(component)
        && takesTopic(trigger.componentType, trigger.topic ?? '', topic));
      return mine.map((trigger) => {
        const { outcome, ...delivery } = deliver(plan, trigger, whole);
        return { ...delivery, outcome: outcome as EventOutcome };
      });
    });
    if (deliveries.length === 0) checkTopicName(component, topic, plans.map(({ plan }) => plan));
    return deliveries;
  }
}
