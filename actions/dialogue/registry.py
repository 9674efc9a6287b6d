"""All actions of the dialogue, made once by the action server."""

from __future__ import annotations

from rasa_sdk import Action

from actions.dialogue import (
    account,
    cancel,
    change,
    delivery,
    doubt,
    finding,
    handoff,
    invoice,
    language,
    parcel,
    payment,
    returning,
    review,
    rewards,
    small,
    stock,
    stores,
    track,
    wishes,
    wrong,
)
from actions.dialogue.simple import Simple
from actions.dialogue.task import Task
from actions.tools import Tools

SIMPLE: tuple[type[Simple], ...] = (
    small.Greet,
    small.Goodbye,
    small.Affirm,
    small.Deny,
    small.Inform,
    small.NeverMind,
    small.Repeat,
    language.ChangeLanguage,
    doubt.AskReading,
    handoff.Handoff,
    handoff.HandedBack,
    handoff.Complaint,
    track.ListOrders,
    delivery.DeliveryOptions,
    delivery.DeliveryTime,
    payment.PaymentMethods,
    returning.RefundPolicy,
    finding.FindProduct,
    stores.StoreLocations,
    stores.OpeningHours,
    rewards.LoyaltyPoints,
    rewards.Offers,
    account.NewsletterSubscribe,
    account.NewsletterUnsubscribe,
    account.MyData,
    wishes.SetPreference,
    wishes.ShowPreferences,
)

TASKS: tuple[type[Task], ...] = (
    track.TrackOrder,
    cancel.CancelOrder,
    change.ChangeOrder,
    change.ChangeAddress,
    change.GiftWrap,
    invoice.GetInvoice,
    parcel.LateParcel,
    parcel.LostParcel,
    wrong.DamagedItem,
    wrong.WrongItem,
    returning.ReturnItem,
    returning.ExchangeItem,
    returning.GetRefund,
    returning.RefundStatus,
    payment.PaymentProblem,
    account.CreateAccount,
    account.EditAccount,
    account.DeleteAccount,
    account.RecoverPassword,
    review.LeaveReview,
    stock.CheckStock,
    stock.SizeHelp,
    finding.Recommend,
    wishes.ForgetPreferences,
)


def actions(tools: Tools) -> list[Action]:
    """One of each; a task brings its two."""
    simple: list[Action] = [kind(tools) for kind in SIMPLE]
    return [*simple, *(action for kind in TASKS for action in kind().actions(tools))]
