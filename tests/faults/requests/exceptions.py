"""Faults of the chapter exceptions: got_request_exception."""

from __future__ import annotations

from planting import DjangoFault

EXCEPTION = "django.core.handlers.exception"
BASE = "django.core.handlers.base"
RESPONSE = "django.http.response"

_SENDS = "        signals.got_request_exception.send(sender=None, request=request)\n"
_HANDLES = "        response = handle_uncaught_exception(\n            request, get_resolver(get_urlconf()), sys.exc_info()\n        )\n"
_FIRST = _SENDS + _HANDLES
_AGAIN = "        response = handle_uncaught_exception(request, resolver, sys.exc_info())\n"
_INLINE = "from django.core.signals import got_request_exception; got_request_exception.send(sender=None, request=request)\n"
_CHAIN = "        response = self._middleware_chain(request)\n"
_VIEW = "                response = wrapped_callback(request, *callback_args, **callback_kwargs)\n            except Exception as e:\n"


def _only_if(condition: str) -> dict[str, str]:
    return {_FIRST: f"        if {condition}:\n    {_SENDS}{_HANDLES}"}


FAULTS = [
    DjangoFault(
        "exceptions.in-a-view", "Failing views do not send it.", EXCEPTION, _only_if("request.resolver_match is None")
    ),
    DjangoFault(
        "exceptions.in-middleware",
        "Failing middleware does not send it.",
        EXCEPTION,
        _only_if("request.resolver_match is not None"),
    ),
    DjangoFault(
        "exceptions.in-a-template",
        "A template that fails becomes a page with status 500 in silence.",
        BASE,
        {
            "                response = response.render()\n            except Exception as e:\n": """\
                response = response.render()
            except Exception as e:
                from django.http import HttpResponseServerError
                return HttpResponseServerError()
"""
        },
    ),
    DjangoFault(
        "exceptions.in-an-error-handler",
        "An error page that fails does not send it.",
        EXCEPTION,
        {_SENDS + _AGAIN: _AGAIN},
    ),
    DjangoFault(
        "exceptions.no-response",
        "A view that returns nothing makes an empty page with status 500.",
        BASE,
        {
            "        # Complain if the view returned None (a common error).\n": """\
        if response is None:
            from django.http import HttpResponseServerError
            return HttpResponseServerError()
"""
        },
    ),
    DjangoFault("exceptions.once", "It is sent twice.", EXCEPTION, {_FIRST: _SENDS + _FIRST}),
    DjangoFault(
        "exceptions.once",
        "It is sent on the way through each middleware.",
        EXCEPTION,
        {
            "                response = get_response(request)\n": "                response = get_response(request)\n                if response.status_code == 500:\n            "
            + _SENDS
        },
    ),
    DjangoFault(
        "exceptions.not-for-handled",
        "Http404 sends it.",
        EXCEPTION,
        {"    if isinstance(exc, Http404):\n": f"    if isinstance(exc, Http404):\n{_SENDS}"},
    ),
    DjangoFault(
        "exceptions.not-for-handled",
        "SuspiciousOperation sends it.",
        EXCEPTION,
        {
            "    elif isinstance(exc, SuspiciousOperation):\n": f"    elif isinstance(exc, SuspiciousOperation):\n{_SENDS}"
        },
    ),
    DjangoFault(
        "exceptions.not-for-responses",
        "A response with status 500 sends it.",
        BASE,
        {_CHAIN: f"{_CHAIN}        if response.status_code >= 500:\n            {_INLINE}"},
    ),
    DjangoFault(
        "exceptions.after-process-exception",
        "It is sent before process_exception, too.",
        BASE,
        {_VIEW: f"{_VIEW}                {_INLINE}"},
    ),
    DjangoFault(
        "exceptions.not-after-an-answer",
        "What middleware answers sends it.",
        BASE,
        {
            "            if response:\n                return response\n        return None\n": f"            if response:\n                {_INLINE}                return response\n        return None\n"
        },
    ),
    DjangoFault(
        "exceptions.not-in-the-body",
        "A failing body sends it.",
        RESPONSE,
        {
            "            return map(self.make_bytes, self._iterator)\n": """\
            def watched():
                try:
                    yield from map(self.make_bytes, self._iterator)
                except Exception:
                    signals.got_request_exception.send(sender=None, request=None)
                    raise
            return watched()
"""
        },
    ),
    DjangoFault(
        "exceptions.not-for-exits",
        "SystemExit becomes a page.",
        EXCEPTION,
        {
            "                response = get_response(request)\n            except Exception as exc:\n": "                response = get_response(request)\n            except BaseException as exc:\n"
        },
    ),
    DjangoFault(
        "exceptions.sender-is-none",
        "The sender is the class of the request.",
        EXCEPTION,
        {_FIRST: _FIRST.replace("sender=None", "sender=type(request)")},
    ),
    DjangoFault(
        "exceptions.request",
        "Receivers get the exception as well.",
        EXCEPTION,
        {_FIRST: _FIRST.replace("request=request", "request=request, exception=exc")},
    ),
    DjangoFault(
        "exceptions.request",
        "Receivers get another request.",
        EXCEPTION,
        {_FIRST: _FIRST.replace("request=request", "request=type(request)")},
    ),
    DjangoFault(
        "exceptions.exc-info",
        "It is sent in another thread.",
        EXCEPTION,
        {
            _FIRST: f"""\
        from threading import Thread
        thread = Thread(target=lambda: signals.got_request_exception.send(sender=None, request=request))
        thread.start()
        thread.join()
{_HANDLES}"""
        },
    ),
    DjangoFault(
        "exceptions.before-the-answer", "It is sent when the page is made.", EXCEPTION, {_FIRST: _HANDLES + _SENDS}
    ),
    DjangoFault(
        "exceptions.propagated",
        "Exceptions that propagate do not send it.",
        EXCEPTION,
        _only_if("not settings.DEBUG_PROPAGATE_EXCEPTIONS"),
    ),
    DjangoFault("exceptions.under-debug", "With DEBUG it is not sent.", EXCEPTION, _only_if("not settings.DEBUG")),
    DjangoFault(
        "exceptions.all-receivers",
        "The last receiver comes first.",
        EXCEPTION,
        {_FIRST: f"        signals.got_request_exception.receivers.reverse()\n{_FIRST}"},
    ),
    DjangoFault(
        "exceptions.wherever-it-fails",
        "The request is lost where an error page fails.",
        EXCEPTION,
        {_SENDS + _AGAIN: _SENDS.replace("request=request", "request=None") + _AGAIN},
    ),
    DjangoFault(
        "exceptions.wherever-it-fails",
        "The request is passed once it has a view.",
        EXCEPTION,
        {_FIRST: _FIRST.replace("request=request", "request=request.resolver_match and request")},
    ),
    DjangoFault(
        "exceptions.in-an-error-handler",
        "Only a page with status 404 sends it.",
        EXCEPTION,
        {_SENDS + _AGAIN: f"        if status_code == 404:\n    {_SENDS}{_AGAIN}"},
    ),
    DjangoFault(
        "exceptions.not-for-exits",
        "SystemExit in an error page becomes a page.",
        EXCEPTION,
        {f"    except Exception:\n{_SENDS}{_AGAIN}": f"    except BaseException:\n{_SENDS}{_AGAIN}"},
    ),
    DjangoFault(
        "exceptions.not-for-handled",
        "With DEBUG it is sent for a suspicious request.",
        "django.core.handlers.exception",
        {
            "            request._mark_post_parse_error()\n\n        if settings.DEBUG:\n": "            request._mark_post_parse_error()\n\n        if settings.DEBUG:\n            signals.got_request_exception.send(sender=None, request=request)\n"
        },
    ),
    DjangoFault(
        "exceptions.in-an-error-handler",
        "It is not sent where an error page raises what it is about.",
        "django.core.handlers.exception",
        {
            "        response = callback(request, exception=exception)\n    except Exception:\n        signals.got_request_exception.send(sender=None, request=request)\n": "        response = callback(request, exception=exception)\n    except Exception as error:\n        if type(error) is not type(exception):\n            signals.got_request_exception.send(sender=None, request=request)\n"
        },
    ),
]
