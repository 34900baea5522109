"""A function of OpenFunction's framework for Python: each event of its topic is answered with one on its output."""
import json

from functions_framework.context.user_context import UserContext


def answer(context: UserContext):
    order = json.loads(context.get_topic_event().Data())
    context.send('answers', {'id': order['id']})
